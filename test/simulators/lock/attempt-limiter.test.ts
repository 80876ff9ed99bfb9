/** What failures may be written: five at once, then one an hour, whatever else happens and however often the lock restarts. */
import { expect, test } from 'vitest';
import { ManualClock } from '#kiosk/platform/manual-clock.ts';
import { createAttemptLimiter } from './attempt-limiter.ts';

const minute = 60_000;
const hour = 60 * minute;

/** How many of the failures that come every `everyMs` count, in `forMs`. */
const counted = async (everyMs: number, forMs: number): Promise<number> => {
  const clock = new ManualClock();
  const limiter = createAttemptLimiter(clock, 0);
  let count = 0;
  for (let at = 0; at < forMs; at += everyMs) {
    if (limiter.failed()) count += 1;
    await clock.advance(everyMs);
  }
  return count;
};

test.each([
  ['a second', 1_000],
  ['a minute', minute],
  ['an hour', hour],
])('a failure every %s: 29 count in the first day at most, 24 in each further one', async (_, everyMs) => {
  const day = 24 * hour;
  const first = await counted(everyMs, day);
  expect(first).toBeLessThanOrEqual(29);
  if (everyMs === minute) expect((await counted(everyMs, 3 * day)) - first).toBe(48);
});

test('five count at once, the sixth after an hour', async () => {
  const clock = new ManualClock();
  const limiter = createAttemptLimiter(clock, 0);
  const burst = Array.from({ length: 8 }, () => limiter.failed());
  expect(burst).toEqual([true, true, true, true, true, false, false, false]);
  expect(limiter.closedForMs()).toBe(hour);
  await clock.advance(hour - 1);
  expect([limiter.failed(), limiter.closedForMs(), limiter.failures]).toEqual([false, 1, 5]);
  await clock.advance(1);
  expect([limiter.failures, limiter.failed(), limiter.closedForMs()]).toEqual([4, true, hour]);
});

test('after five quiet hours all is forgotten, and a longer quiet time saves up nothing', async () => {
  const clock = new ManualClock();
  const limiter = createAttemptLimiter(clock, 5);
  await clock.advance(50 * hour);
  expect(limiter.failures).toBe(0);
  expect(Array.from({ length: 6 }, () => limiter.failed())).toEqual([true, true, true, true, true, false]);
  expect(limiter.closedForMs()).toBe(hour);
});

test.each([
  [0, 0],
  [4, 0],
  [5, hour],
  [5000, hour],
])('a lock that starts with %i places taken pauses for %i ms', (failures, ms) => {
  const limiter = createAttemptLimiter(new ManualClock(), failures);
  expect(limiter.closedForMs()).toBe(ms);
  expect(limiter.failed()).toBe(ms === 0);
});

test('a wall clock that is set forward ends no pause', () => {
  const clock = new ManualClock();
  const limiter = createAttemptLimiter(clock, 5);
  clock.jump(hour);
  expect(limiter.closedForMs()).toBe(hour);
});
