/** Who gets in over loopback, where every program of the machine and every page of its browser can knock. */
import { request } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import { ManualClock } from '#kiosk/platform/manual-clock.ts';
import { createFakeKioskApi } from '#support/fake-kiosk-api.ts';
import { maxClientMessageBytes } from '#shared/ipc/envelope.ts';
import { openHost, opened, openSocket, signInAt } from './transports/websocket-transport.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const setUp = async () => {
  const host = await openHost(createFakeKioskApi());
  const server = await host.start();
  closing.push(host.remove, () => server.dispose());
  const origin = `http://127.0.0.1:${server.port}`;
  const { url } = server;
  const cookie = await signInAt(url);
  return { host, server, origin, cookie, url };
};

/** Sends exactly these headers, which `fetch` would not. */
const get = (port: number, path: string, headers: Record<string, string>, method = 'GET') =>
  new Promise<{ status: number; headers: Record<string, unknown>; body: string }>((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, method, headers, agent: false }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (body += chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body }),
      );
    });
    sent.on('error', reject);
    sent.end();
  });

const refusal = (socket: WebSocket): Promise<number> =>
  new Promise((resolve, reject) => {
    socket.on('error', () => undefined);
    socket.once('unexpected-response', (_request, response) => {
      resolve(response.statusCode ?? 0);
      socket.terminate();
    });
    socket.once('open', () => reject(new Error('it was let in')));
  });

const closeCode = (socket: WebSocket): Promise<number> =>
  new Promise((resolve) => {
    socket.on('error', () => undefined);
    socket.once('close', (code) => resolve(code));
  });

describe('the address', () => {
  it('is not used up by a HEAD: whoever only looks at it gets no session', async () => {
    const host = await openHost(createFakeKioskApi());
    const server = await host.start();
    closing.push(host.remove, () => server.dispose());
    const { pathname, search, host: authority } = new URL(server.url);
    const looked = await get(server.port, `${pathname}${search}`, { host: authority }, 'HEAD');
    expect([looked.status, looked.headers['set-cookie']]).toEqual([403, undefined]);
    const opening = await get(server.port, `${pathname}${search}`, { host: authority });
    expect([opening.status, opening.headers['set-cookie'] === undefined]).toEqual([303, false]);
  });

  it('is exchanged for a cookie that no script reads, and leaves the address bar', async () => {
    const { server } = await setUp();
    const used = await get(server.port, '/?token=wrong', { host: `127.0.0.1:${server.port}` });
    expect(used.status).toBe(403);
    const host = await openHost(createFakeKioskApi());
    const fresh = await host.start();
    closing.push(host.remove, () => fresh.dispose());
    const landing = await fetch(fresh.url, { redirect: 'manual' });
    expect(landing.status).toBe(303);
    expect(landing.headers.get('location')).toBe('/');
    expect(landing.headers.get('set-cookie')).toMatch(/; HttpOnly; SameSite=Strict; Path=\/$/);
    expect(landing.headers.get('referrer-policy')).toBe('no-referrer');
  });

  it('is good once; whoever holds a session already just lands on the page', async () => {
    const { server, cookie, url } = await setUp();
    expect(server.url).not.toBe(url);
    const again = await fetch(url, { redirect: 'manual' });
    expect(again.status).toBe(403);
    const told = await again.text();
    expect(told).toContain('good once');
    // The host gives out the next one whenever one was used: nobody has to stop a kiosk for it.
    expect(told).toContain('the next one was printed in the same place');
    expect(told).not.toContain('start the kiosk again');
    const known = await fetch(url, { redirect: 'manual', headers: { cookie } });
    expect(known.status).toBe(303);
    expect(known.headers.get('set-cookie')).toBeNull();
  });

  it('is followed by a new one, told to whoever started the kiosk', async () => {
    const { host } = await setUp();
    expect(host.addresses).toHaveLength(1);
    expect(await signInAt(host.addresses[0]!)).not.toBe('');
  });

  it('outlives a restart of the core on the same data folder, and no other', async () => {
    const { host, server, cookie } = await setUp();
    await server.dispose();
    const again = await host.start(server.port);
    closing.push(() => again.dispose());
    expect((await fetch(`http://127.0.0.1:${again.port}/`, { headers: { cookie } })).status).toBe(200);
    const other = await setUp();
    expect((await fetch(other.origin, { headers: { cookie } })).status).toBe(403);
  });
});

describe('the page', () => {
  it('comes with its policy', async () => {
    const { origin, cookie } = await setUp();
    const { headers } = await fetch(origin, { headers: { cookie } });
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('content-security-policy')).toContain("require-trusted-types-for 'script'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
  });

  it('is not given without the cookie, with a forged one, or with one of another kiosk', async () => {
    const { origin, cookie } = await setUp();
    const forged = `${cookie.slice(0, -4)}AAAA`;
    for (const headers of [{}, { cookie: forged }, { cookie: cookie.replace('=', '=x') }]) {
      const response = await fetch(origin, { headers });
      expect(response.status).toBe(403);
      expect(await response.text()).toContain('This kiosk needs its own address');
    }
  });

  it('consists of what the build made: no other file, no path out of the folder, no other method', async () => {
    const { server, cookie } = await setUp();
    const host = `127.0.0.1:${server.port}`;
    for (const path of [
      '/secret.key',
      '/../data/page-session.key',
      '/%2e%2e/data/page-session.key',
      '/..%5cdata',
      '//etc/passwd',
      '/index.html/',
      '/%ZZ',
      'http://other/',
      '*',
    ]) {
      const { status, body } = await get(server.port, path, { host, cookie });
      expect([400, 404], path).toContain(status);
      expect(body).not.toContain('not of the page');
      // In words; what is no path at all may be refused before.
      if (path.startsWith('/')) expect(body, path).toContain('There is nothing here');
    }
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
      expect((await get(server.port, '/', { host, cookie }, method)).status).toBe(405);
    }
  });

  it('is not given to a name that was made to point here', async () => {
    const { server, cookie } = await setUp();
    for (const host of [
      'evil.example',
      `evil.example:${server.port}`,
      `127.0.0.1.nip.io:${server.port}`,
      '127.0.0.1:1',
    ]) {
      expect((await get(server.port, '/', { host, cookie })).status).toBe(421);
    }
    expect((await get(server.port, '/', { host: `localhost:${server.port}`, cookie })).status).toBe(200);
  });
});

describe('the WebSocket', () => {
  it('refuses a wrong origin, no origin, no cookie, a foreign host, another path', async () => {
    const { server, origin, cookie } = await setUp();
    const { port } = server;
    expect(await refusal(openSocket(port, { cookie, origin: 'https://evil.example' }))).toBe(403);
    expect(await refusal(openSocket(port, { cookie, origin: 'null' }))).toBe(403);
    expect(await refusal(openSocket(port, { cookie, origin: `http://localhost:${port}` }))).toBe(403);
    expect(await refusal(openSocket(port, { cookie }))).toBe(403);
    expect(await refusal(openSocket(port, { origin }))).toBe(401);
    expect(await refusal(openSocket(port, { origin, cookie: 'latchpoint=x' }))).toBe(401);
    expect(await refusal(openSocket(port, { origin, cookie, host: `evil.example:${port}` }))).toBe(421);
    expect(await refusal(openSocket(port, { origin, cookie }, '/ipc2'))).toBe(404);
    expect(await refusal(openSocket(port, { origin, cookie }, '/ipc?token=x'))).toBe(404);
  });

  it.each([
    ['binary frames', 1003, (socket: WebSocket) => socket.send(Buffer.from([1, 2, 3]))],
    [
      'a message over the bound',
      1009,
      (socket: WebSocket) => socket.send('x'.repeat(maxClientMessageBytes + 1)),
    ],
    [
      'message after message that makes no sense',
      1008,
      (socket: WebSocket) => {
        for (let n = 0; n < 12; n += 1)
          socket.send(n % 2 ? 'not json' : '{"type":"subscribe","stream":"nope"}');
      },
    ],
    [
      'a flood',
      1008,
      (socket: WebSocket) => {
        for (let n = 0; n < 500; n += 1) {
          socket.send(JSON.stringify({ type: 'call', id: n, name: 'touch', input: null }));
        }
      },
    ],
  ])('closes on %s with %i', async (_what, code, misbehave) => {
    const { server, origin, cookie } = await setUp();
    const socket = openSocket(server.port, { cookie, origin });
    await opened(socket);
    const closed = closeCode(socket);
    misbehave(socket);
    expect(await closed).toBe(code);
    const next = openSocket(server.port, { cookie, origin });
    await opened(next);
    next.terminate();
  });

  it('serves eight pages and refuses the ninth', async () => {
    const { server, origin, cookie } = await setUp();
    const pages = Array.from({ length: 8 }, () => openSocket(server.port, { cookie, origin }));
    await Promise.all(pages.map(opened));
    expect(await refusal(openSocket(server.port, { cookie, origin }))).toBe(503);
    for (const page of pages) page.terminate();
  });

  it('ends a page that answers no heartbeat', async () => {
    const clock = new ManualClock();
    const host = await openHost(createFakeKioskApi(), clock);
    const server = await host.start();
    closing.push(host.remove, () => server.dispose());
    const origin = `http://127.0.0.1:${server.port}`;
    const socket = openSocket(server.port, { cookie: await signInAt(server.url), origin });
    await opened(socket);
    socket.pause();
    const closed = closeCode(socket);
    await clock.advance(15_000);
    socket.resume();
    expect(await closed).toBe(1006);
  });

  it('tells its pages when the kiosk stops', async () => {
    const { server, origin, cookie } = await setUp();
    const socket = openSocket(server.port, { cookie, origin });
    await opened(socket);
    const closed = closeCode(socket);
    await server.dispose();
    expect(await closed).toBe(1001);
  });
});

it('says plainly that a port is taken', async () => {
  const { host, server } = await setUp();
  await expect(host.start(server.port)).rejects.toMatchObject({
    error: { code: 'config.port_taken', params: { port: server.port } },
  });
});
