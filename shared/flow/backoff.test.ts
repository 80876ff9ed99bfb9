import { expect, test } from 'vitest';
import { backoffMs, type Backoff } from './backoff.ts';

const half: Backoff = { firstMs: 100, longestMs: 1000, chance: 0.5 };

test('the bound doubles with every failure, as far as the longest wait', () => {
  const bounds = [1, 2, 3, 4, 5, 2000].map((failures) => backoffMs({ ...half, chance: 0 }, failures, 0.3));
  expect(bounds).toEqual([100, 200, 400, 800, 1000, 1000]);
});

test('chance takes its part of the wait and no more', () => {
  expect(backoffMs(half, 2, 0)).toBe(100);
  expect(backoffMs(half, 2, 0.5)).toBe(150);
  expect(backoffMs({ ...half, chance: 1 }, 2, 0)).toBe(0);
  expect(backoffMs({ ...half, chance: 1 }, 2, 0.5)).toBe(100);
});
