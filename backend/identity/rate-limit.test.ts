import { expect, test } from 'vitest';
import { createRateLimit } from './rate-limit.ts';

test('a caller is stopped after its share, others are not, and the window moves on', () => {
  let now = 0;
  const limit = createRateLimit({ most: 3, windowMs: 60_000, now: () => now });
  for (const at of [0, 10_000, 20_000]) {
    expect(limit.isExhausted('a')).toBe(false);
    now = at;
    limit.count('a');
  }
  expect(limit.isExhausted('a')).toBe(true);
  expect(limit.isExhausted('b')).toBe(false);
  now = 60_000;
  expect(limit.isExhausted('a')).toBe(false);
});
