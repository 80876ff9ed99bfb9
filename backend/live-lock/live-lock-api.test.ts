/** What a vendor's service, and what stands before it, really answers: over a real connection, not a written double. */
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { createLiveLockApi, type LiveLockApi } from './live-lock-api.ts';

const serialNumber = '0000051a00000105';
const lock = { serialNumber, type: 'universal', enrolmentCode: 'AAAA' };
const html = '<html><body><h1>400 Bad Request</h1><hr>nginx</body></html>';
const timeoutMs = 400;

let server: Server | null = null;
afterEach(async () => {
  const running = server;
  server = null;
  running?.closeAllConnections();
  if (running) await new Promise((resolve) => running.close(resolve));
});

const apiAt = async (answer: RequestListener, waitMs = timeoutMs): Promise<LiveLockApi> => {
  const made = (server = createServer(answer));
  await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve));
  const { port } = made.address() as AddressInfo;
  const config = { url: `http://127.0.0.1:${port}`, apiKey: 'a.b.c', owner: 'acme', timeoutMs: waitMs };
  return createLiveLockApi(config, { fetch });
};
const says =
  (status: number, body: string, headers: Record<string, string> = {}): RequestListener =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': 'text/html', ...headers }).end(body);
  };
const vendorSays = (status: number, code: string): RequestListener =>
  says(status, JSON.stringify({ error: { code, message: '' } }));

describe('a refusal', () => {
  it.each([400, 422])('of %d is final where the vendor says why', async (status) => {
    const api = await apiAt(vendorSays(status, 'malformed_code'));
    expect(await api.register(lock)).toEqual({ kind: 'refused', reason: 'malformed_code' });
  });

  it.each([
    [400, html],
    [422, html],
    [400, ''],
    [400, '{"message":"no Route matched"}'],
  ])('of %d with %j is that of a gateway: it is tried again', async (status, body) => {
    const api = await apiAt(says(status, body));
    const reason = `http_${status}`;
    expect(await api.register(lock)).toMatchObject({ kind: 'unknown', reason, mayHaveRegistered: true });
    expect(await api.release(serialNumber)).toEqual({ kind: 'unknown', reason });
  });

  it('of a release that a gateway answers with 404 is tried again, too', async () => {
    expect(await (await apiAt(says(404, html))).release(serialNumber)).toEqual({
      kind: 'unknown',
      reason: 'http_404',
    });
  });
});

describe('an answer that comes badly', () => {
  it('is none where it is a page, comes too slowly, is cut off, or leads elsewhere', async () => {
    const bad: readonly RequestListener[] = [
      says(200, html),
      says(302, '', { location: 'http://127.0.0.1:9/login' }),
      (_request, response) => {
        const drip = setInterval(() => response.write(' '), 50);
        response.on('close', () => clearInterval(drip));
      },
      (_request, response) => {
        response.writeHead(200).write('{"serial_no":"0000');
        setTimeout(() => response.destroy(), 20);
      },
      (request) => void request.socket.destroy(),
    ];
    for (const answer of bad) {
      const api = await apiAt(answer);
      expect(await api.register(lock)).toMatchObject({
        kind: 'unknown',
        reason: 'no_answer',
        mayHaveRegistered: true,
      });
      expect(await api.certificates()).toBeNull();
      expect(await api.revocations()).toEqual({ kind: 'failed', reason: 'no_answer' });
      server?.closeAllConnections();
      server?.close();
    }
  });

  it('takes no more memory than the largest that is one, however much comes, packed or not', async () => {
    const megabyte = Buffer.alloc(1 << 20, ' ');
    let sent = 0;
    const endless: RequestListener = (_request, response) => {
      const more = (): void => {
        while (!response.destroyed && sent < 512) {
          sent += 1;
          if (!response.write(megabyte)) return void response.once('drain', more);
        }
        response.end();
      };
      more();
    };
    expect(await (await apiAt(endless, 20_000)).revocations()).toEqual({
      kind: 'failed',
      reason: 'no_answer',
    });
    expect(sent).toBeLessThan(64);
    server?.closeAllConnections();
    server?.close();
    const packed = gzipSync(Buffer.alloc(64 << 20, ' '));
    const api = await apiAt(says(404, packed.toString('latin1')), 20_000);
    expect(await api.revocations()).toEqual({ kind: 'failed', reason: 'http_404' });
    server?.closeAllConnections();
    server?.close();
    const bomb = await apiAt((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(packed);
    }, 20_000);
    expect(await bomb.revocations()).toEqual({ kind: 'failed', reason: 'no_answer' });
  });
});

describe('an overload', () => {
  it.each([
    ['60', 60_000],
    ['99999999', 600_000],
    ['Fri, 31 Dec 1999 23:59:59 GMT', null],
    ['', null],
    ['-1', null],
    [null, null],
  ])('with the Retry-After %j waits %j ms more than usual', async (header, retryAfterMs) => {
    const api = await apiAt(says(429, html, header === null ? {} : { 'retry-after': header }));
    expect(await api.register(lock)).toEqual({
      kind: 'unknown',
      reason: 'http_429',
      retryAfterMs,
      mayHaveRegistered: false,
    });
  });
});
