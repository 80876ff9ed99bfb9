import { expect, test } from 'vitest';
import { createDeaths } from './deaths.ts';

test('five deaths in a minute are started again, a sixth is not, and a minute later there is hope', () => {
  const deaths = createDeaths();
  expect([0, 1, 2, 3, 4, 5].map((n) => deaths.mayTryAgain(n * 1_000))).toEqual([
    ...[true, true, true, true, true],
    false,
  ]);
  expect(deaths.mayTryAgain(66_000)).toBe(true);
});
