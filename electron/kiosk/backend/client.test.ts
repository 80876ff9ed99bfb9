import { getEventListeners } from 'node:events';
import { expect, it } from 'vitest';
import { routes } from '#shared/http/routes.ts';
import type { Fetch, FetchInit } from '../platform/http.ts';
import { ManualClock } from '../platform/manual-clock.ts';
import { problemOf } from './answer.ts';
import { createBackendClient } from './client.ts';

const said = (status: number, body: unknown, retryAfter?: string) =>
  problemOf(
    new Response(null, { status, headers: retryAfter === undefined ? {} : { 'retry-after': retryAfter } }),
    typeof body === 'string' ? body : JSON.stringify(body),
  );
const told = (code: string) => ({ error: { code, params: {} } });

it('only what looks like the backend’s word refuses a kiosk, and no answer by itself revokes it', () => {
  expect(said(403, told('sync.revoked'))).toEqual({ kind: 'said_revoked' });
  expect(said(403, told('sync.refused'))).toEqual({ kind: 'refused' });
  // Of a later release.
  expect(said(403, told('sync.for_another_reason'))).toEqual({ kind: 'refused' });
  for (const body of ['<html>Forbidden</html>', '', '{"error":"sync.revoked"}', '{"error":{"code":403}}']) {
    expect(said(403, body).kind).toBe('unreachable');
  }
  expect(said(500, told('sync.revoked')).kind).toBe('unreachable');
  expect(said(401, 'whatever')).toEqual({ kind: 'unauthorised' });
});

it.each([
  ['7', 7_000],
  ['0', 0],
  ['600', 600_000],
  ['601', 600_000],
  ['999999', 600_000],
  ['Wed, 21 Oct 2026 07:28:00 GMT', null],
  ['-1', null],
  [undefined, null],
])('a kiosk that is told to come back after %s waits for %s ms at least', (retryAfter, retryAfterMs) => {
  expect(said(503, '', retryAfter)).toEqual({ kind: 'unreachable', retryAfterMs });
  expect(said(429, '', retryAfter)).toEqual({ kind: 'unreachable', retryAfterMs });
  expect(said(429, told('sync.unreachable'), retryAfter)).toEqual({ kind: 'later', retryAfterMs });
});

it.each([
  ['answered', () => Promise.resolve(Response.json({}))],
  ['refused', () => Promise.resolve(new Response(null, { status: 503 }))],
  ['lost', () => Promise.reject(new TypeError('fetch failed'))],
] as const)(
  'a request that was %s leaves nobody listening: each would keep its answer for ever',
  async (_how, end) => {
    const signals: AbortSignal[] = [];
    const fetch: Fetch = (_url, init) => {
      // As the fetch of each platform does, which takes its listener back only by this signal's end.
      init?.signal?.addEventListener('abort', () => undefined, { once: true });
      if (init?.signal) signals.push(init.signal);
      return end();
    };
    const backend = createBackendClient({
      fetch,
      clock: new ManualClock(),
      backendUrl: 'http://backend.test',
    });
    const living = new AbortController();
    for (let count = 0; count < 3; count += 1) {
      await backend.call(routes.live, {}, living.signal);
    }
    const listening = [...signals, living.signal].map((signal) => getEventListeners(signal, 'abort').length);
    expect(listening).toEqual([0, 0, 0, 0]);
  },
);

it('nothing is asked for a caller who has left already', async () => {
  let asked = 0;
  const fetch: Fetch = () => {
    asked += 1;
    return Promise.resolve(Response.json({}));
  };
  const backend = createBackendClient({ fetch, clock: new ManualClock(), backendUrl: 'http://backend.test' });
  expect(await backend.call(routes.live, {}, AbortSignal.abort())).toEqual({
    ok: false,
    problem: { kind: 'silent' },
  });
  expect(asked).toBe(0);
});

it('what a route takes becomes one request', async () => {
  const asked: [string, FetchInit | undefined][] = [];
  const fetch: Fetch = (url, init) => {
    asked.push([url, init && { ...init }]);
    return Promise.resolve(Response.json({ results: [] }));
  };
  const backend = createBackendClient({
    fetch,
    clock: new ManualClock(),
    backendUrl: 'http://backend.test/at',
  });
  const { signal } = new AbortController();
  const query = { after: 7, limit: 10, seen: '12.0a', journal: undefined };
  await backend.call(routes.pull, { params: { collection: 'locks' }, query, token: 'abc' }, signal);
  const body = { rows: [{ a: 1 }] };
  const pushed = await backend.call(routes.push, { params: { collection: 'accessEvents' }, body }, signal);
  expect(pushed).toEqual({ ok: true, value: { results: [] } });
  expect(asked).toMatchObject([
    [
      'http://backend.test/at/v1/sync/locks?after=7&limit=10&seen=12.0a',
      { method: 'GET', headers: { accept: 'application/json', authorization: 'Bearer abc' } },
    ],
    [
      'http://backend.test/at/v1/sync/accessEvents',
      {
        method: 'POST',
        headers: { accept: 'application/json', 'content-type': 'application/json' },
        body: JSON.stringify(body),
      },
    ],
  ]);
});

it('a success that is not what the route answers is somebody else’s', async () => {
  const fetch: Fetch = () => Promise.resolve(new Response('<html>Welcome</html>'));
  const backend = createBackendClient({ fetch, clock: new ManualClock(), backendUrl: 'http://backend.test' });
  expect(await backend.call(routes.live, {}, new AbortController().signal)).toEqual({
    ok: false,
    problem: { kind: 'unreachable', retryAfterMs: null, why: 'portal' },
  });
});

it('an answer that never ends is somebody else’s, and takes no more memory than the largest that is one', async () => {
  const chunk = new Uint8Array(1 << 20).fill(0x20);
  let sent = 0;
  const endless = new ReadableStream<Uint8Array>({
    pull: (to) => {
      sent += 1;
      if (sent > 200) to.close();
      else to.enqueue(chunk);
    },
  });
  const fetch: Fetch = () => Promise.resolve(new Response(endless));
  const backend = createBackendClient({ fetch, clock: new ManualClock(), backendUrl: 'http://backend.test' });
  expect(await backend.call(routes.live, {}, new AbortController().signal)).toEqual({
    ok: false,
    problem: { kind: 'unreachable', retryAfterMs: null, why: 'portal' },
  });
  expect(sent).toBeLessThan(70);
});
