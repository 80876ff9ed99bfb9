import { getEventListeners } from 'node:events';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { ManualClock } from '../../platform/manual-clock.ts';
import type { Fetch } from '../../platform/http.ts';
import { problemOf, request } from './request.ts';

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
      if (init?.signal) signals.push(init.signal);
      return end();
    };
    const ports = { fetch, clock: new ManualClock() };
    const living = new AbortController();
    for (let count = 0; count < 3; count += 1) {
      await request(ports, 'http://backend.test', {}, z.object({}), living.signal);
    }
    const listening = [...signals, living.signal].map((signal) => getEventListeners(signal, 'abort').length);
    expect(listening).toEqual([0, 0, 0, 0]);
  },
);
