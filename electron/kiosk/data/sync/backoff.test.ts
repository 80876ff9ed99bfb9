import { describe, expect, it } from 'vitest';
import { revocationWord } from '#support/revocation-word.ts';
import { syncBackoffMs, longestBackoffMs, longestSilentBackoffMs, timerMs, waitAfter } from './backoff.ts';

describe('the backoff', () => {
  it('is spread over all of a bound that doubles up to a minute', () => {
    expect(syncBackoffMs(1, 0)).toBe(0);
    expect([1, 2, 3, 7, 1000].map((failures) => syncBackoffMs(failures, 1))).toEqual([
      1000,
      2000,
      4000,
      60_000,
      longestBackoffMs,
    ]);
  });

  it('never waits longer than 8 s where nothing answers, and up to a minute where something does', () => {
    expect(waitAfter({ kind: 'silent' }, 1, 1)).toBe(1000);
    expect(waitAfter({ kind: 'silent' }, 1000, 1)).toBe(longestSilentBackoffMs);
    expect(longestSilentBackoffMs).toBe(8000);
    expect(waitAfter({ kind: 'unreachable', retryAfterMs: null }, 1000, 1)).toBe(longestBackoffMs);
  });

  it('waits at least as long as the backend asks, and not exactly as long as all others', () => {
    for (const kind of ['unreachable', 'later'] as const) {
      expect(waitAfter({ kind, retryAfterMs: 5000 }, 1, 0.5)).toBe(5500);
    }
  });

  it('never asks again once revoked, and seldom while refused', () => {
    expect(waitAfter({ kind: 'revoked', revocation: revocationWord() }, 1, 0.5)).toBeNull();
    expect(waitAfter({ kind: 'refused' }, 1, 0)).toBeGreaterThanOrEqual(60_000);
  });

  it('comes back about every minute when all is well', () => {
    expect(waitAfter(null, 0, 0.5)).toBe(timerMs(0.5));
    expect(timerMs(0.5)).toBe(60_000);
  });
});
