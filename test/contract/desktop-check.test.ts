/** `latchpoint check` and `support`, on the built host: each part of the machine is told of by what is really there, and the exit code with it. */
import { mkdtemp, readFile, stat, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect } from 'vitest';
import { buildHost, runHost, type RunHostOptions, type RunningHost } from '#support/electron/run-host.ts';
import { fileFolderTest } from '#support/folder-test.ts';

const buildWithinMs = 240_000;
/** What a backend says to who has no token; `aheadMs`: of this computer. */
const backend = (aheadMs = 0): RequestListener => {
  const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://x');
    response.setHeader('content-type', 'application/json');
    if (pathname === '/v1/time') {
      const said = { now: Date.now() + aheadMs, nonce: searchParams.get('nonce') };
      response.end(
        JSON.stringify({ time: `${encoded({ alg: 'ES256' })}.${encoded(said)}.${'A'.repeat(86)}` }),
      );
      return;
    }
    response.statusCode = 401;
    response.end('{"error":{"code":"sync.refused","params":{}}}');
  };
};

interface Checked {
  readonly code: number | null;
  readonly text: string;
  /** By part: the mark and what was seen. */
  readonly parts: Readonly<Record<string, string>>;
}

const it = fileFolderTest
  .extend('built', { scope: 'file' }, async ({ folder }) => {
    const built = join(folder, 'built');
    await buildHost(built);
    return built;
  })
  .extend('serve', ({}, { onCleanup }) => {
    const servers: Server[] = [];
    onCleanup(() => {
      for (const server of servers) {
        server.closeAllConnections();
        server.close();
      }
    });
    return async (answer: RequestListener): Promise<string> => {
      const server = createServer(answer).listen(0, '127.0.0.1');
      servers.push(server);
      await once(server, 'listening');
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    };
  })
  .extend(
    'newProfile',
    ({ folder }) =>
      () =>
        mkdtemp(join(folder, 'profile-')),
  )
  // What a host has been served by outlives it.
  .extend('begin', ({ built, newProfile, serve: _serve }, { onCleanup }) => {
    const hosts: RunningHost[] = [];
    onCleanup(async () => {
      for (const host of hosts) {
        host.kill('SIGKILL');
        await host.ended;
      }
    });
    return async (options: Partial<RunHostOptions>): Promise<RunningHost> => {
      const host = await runHost({ built, profile: await newProfile(), ...options });
      hosts.push(host);
      return host;
    };
  })
  .extend('check', ({ begin }) => async (options: Partial<RunHostOptions>): Promise<Checked> => {
    const host = await begin({ args: ['check'], ...options });
    const code = await host.ended;
    const text = host.said();
    const lines = text.matchAll(/^(ok {2}|FAIL| {2}- ) (\w[\w ]*?) {2,}(.*)$/gm);
    const parts = Object.fromEntries(
      [...lines].map(([, mark = '', part = '', seen]) => [part, `${mark.trim()} ${seen ?? ''}`]),
    );
    return { code, text, parts };
  });
it.beforeAll(({ built: _built }) => undefined, buildWithinMs);

it('tells of every part, where each setting came from and what to let through; without a dongle it fails', async ({
  serve,
  check,
}) => {
  const backendUrl = await serve(backend());
  const { code, text, parts } = await check({
    config: { backendUrl, registrationCode: 'AAAA-BBBB-CCCC-DDDD' },
  });
  expect(parts).toMatchObject({
    proxy: 'ok none',
    name: 'ok 127.0.0.1, one address',
    backend: expect.stringMatching(/^ok it answers, in \d+ ms$/) as unknown,
    clock: 'ok right',
    stream: expect.stringMatching(/^ok it comes through/) as unknown,
    'secret store': 'ok gnome_libsecret',
    data: 'ok none yet',
    dongle: expect.stringMatching(/^FAIL none/) as unknown,
  });
  expect(text).toContain(`backendUrl        ${backendUrl} (environment; a setting since 0.1)`);
  expect(text).toMatch(/registrationCode {2}set/);
  expect(text).not.toContain('AAAA-BBBB');
  expect(text).toContain(`port ${new URL(backendUrl).port}, and nothing to it`);
  expect(code).toBe(1);
});

const page: RequestListener = (_request, response) => void response.end('<html>');
const redirect: RequestListener = (_request, response) =>
  void response.writeHead(302, { location: '/login' }).end();
const notNow: RequestListener = (_request, response) => void response.writeHead(503).end();

it.for([
  ['another clock', backend(300_000), { clock: 'FAIL 300 s behind the backend' }],
  [
    'a sign-in page',
    page,
    { backend: 'FAIL somebody else answers in its place: a sign-in page, a redirect' },
  ],
  [
    'a redirect',
    redirect,
    { backend: 'FAIL somebody else answers in its place: a sign-in page, a redirect' },
  ],
  [
    'a backend that has trouble',
    notNow,
    { backend: 'FAIL it answers with an error: ask who looks after it' },
  ],
] as const)('tells of %s', async ([_what, answer, expected], { serve, check }) => {
  const { parts, code } = await check({ config: { backendUrl: await serve(answer) } });
  expect(parts).toMatchObject(expected);
  expect(code).toBe(1);
});

it('leaves the name to a proxy, tells of nobody who listens, and of a secret store that is none', async ({
  check,
}) => {
  const { parts } = await check({ proxy: 'PROXY proxy.example:3128', secretStore: 'basic_text' });
  expect(parts).toMatchObject({
    proxy: 'ok PROXY proxy.example:3128, which has to let through what stands below',
    name: '- 127.0.0.1 is looked up by the proxy',
    backend: 'FAIL the machine is there and nobody listens at that port',
    'secret store': expect.stringMatching(/^FAIL none/) as unknown,
  });
  expect(parts['stream']).toBeUndefined();
});

it('uses the passphrase file where there is one', async ({ folder, check }) => {
  const passphraseFile = join(folder, 'passphrase');
  await writeFile(passphraseFile, 'only for this test, long enough', { mode: 0o600 });
  const { parts } = await check({ config: { passphraseFile } });
  expect(parts['secret store']).toBe('ok passphrase_file');
});

it('beside a kiosk that runs it leaves the adapter alone, and the kiosk goes on', async ({
  serve,
  newProfile,
  begin,
  check,
}) => {
  const profile = await newProfile();
  const backendUrl = await serve(backend());
  const kiosk = await begin({ profile, config: { backendUrl } });
  await kiosk.until('kiosk ready');
  const { parts, code } = await check({ profile, config: { backendUrl } });
  expect(parts['dongle']).toBe('- a kiosk is running here: see its Health');
  expect(code).toBe(0);
  expect((await kiosk.act('state')).windows).toBe(1);
});

it('says what is wrong with a configuration, and ends with 78', async ({ check }) => {
  const { code } = await check({ config: { backendUrl: 'http://not-loopback.example' } });
  expect(code).toBe(78);
});

it('a command that there is none of starts no kiosk, and ends with 78', async ({ check }) => {
  const { code, text } = await check({ isPackaged: true, args: ['chekc'] });
  expect([code, text]).toEqual([78, '']);
});

it('with a file to write, tells the same there, with versions, the data folder and the log, and no secret', async ({
  folder,
  serve,
  newProfile,
  begin,
  check,
}) => {
  const profile = await newProfile();
  const backendUrl = await serve(backend());
  const registrationCode = 'AAAA-BBBB-CCCC-DDDD';
  const kiosk = await begin({ profile, config: { backendUrl, registrationCode } });
  await kiosk.until('kiosk ready');
  const file = join(folder, 'support.txt');
  const asked = { profile, config: { backendUrl, registrationCode }, args: ['support', file] };
  const { code, text: said } = await check(asked);
  expect(code, said).toBe(0);
  expect(said).toContain(file);
  const text = await readFile(file, 'utf8');
  expect(text).toMatch(/^Latchpoint 0\.0\.0-double$/m);
  expect(text).toContain(`backendUrl        ${backendUrl} (environment; a setting since 0.1)`);
  expect(text).toMatch(/^ok {3}clock {13}right$/m);
  expect(text).toMatch(/^\d{4}-\S+Z \d+ kiosk\.db$/m);
  expect(text).toContain('"kiosk ready"');
  expect(text).not.toContain('AAAA-BBBB');
  expect((await stat(file)).mode & 0o777).toBe(0o600);

  // What is there stays; and without a file no kiosk is started.
  expect((await check(asked)).code).toBe(1);
  expect(await readFile(file, 'utf8')).toBe(text);
  expect((await check({ ...asked, args: ['support'] })).code).toBe(78);
});

it('with a file to write, tells what is wrong with a configuration there', async ({ folder, check }) => {
  const file = join(folder, 'support-without-configuration.txt');
  const { code } = await check({
    config: { backendUrl: 'http://not-loopback.example' },
    args: ['support', file],
  });
  expect(code).toBe(0);
  expect(await readFile(file, 'utf8')).toContain('must be https, or http on loopback');
});
