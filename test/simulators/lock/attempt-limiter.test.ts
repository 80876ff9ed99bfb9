/** Pauses after failures: how long each is, that the longest is an hour, and that a restart shortens none. */
import { expect, test } from 'vitest';
import { ManualClock } from '#kiosk/platform/manual-clock.ts';
import { createAttemptLimiter } from './attempt-limiter.ts';

const hour = 3_600_000;

/** Milliseconds of pause after so many failures, each counted as soon as it can be. */
const pauses = async (failures: number): Promise<number[]> => {
  const clock = new ManualClock();
  const limiter = createAttemptLimiter(clock, 0);
  const lengths: number[] = [];
  for (let count = 0; count < failures; count += 1) {
    expect(limiter.failed()).toBe(true);
    lengths.push(limiter.closedForMs());
    await clock.advance(limiter.closedForMs());
  }
  return lengths;
};

test('five failures are free but for the last, then every pause is twice the one before, up to an hour', async () => {
  const doubling = Array.from({ length: 11 }, (_, index) => 2000 * 2 ** index);
  expect(await pauses(19)).toEqual([0, 0, 0, 0, ...doubling, hour, hour, hour, hour]);
});

test.each([
  [0, 0],
  [4, 0],
  [5, 2000],
  [8, 16_000],
  [15, 2_048_000],
  [16, hour],
  [5000, hour],
])('a lock that starts after %i failures begins with the pause of them: %i ms', (failures, ms) => {
  const limiter = createAttemptLimiter(new ManualClock(), failures);
  expect(limiter.closedForMs()).toBe(ms);
  expect(limiter.failed()).toBe(ms === 0);
  expect(limiter.failures).toBe(ms === 0 ? failures + 1 : failures);
});

test('a failure within a pause neither counts nor makes it longer', async () => {
  const clock = new ManualClock();
  const limiter = createAttemptLimiter(clock, 5);
  await clock.advance(1999);
  expect([limiter.failed(), limiter.closedForMs(), limiter.failures]).toEqual([false, 1, 5]);
  await clock.advance(1);
  expect([limiter.failed(), limiter.closedForMs(), limiter.failures]).toEqual([true, 4000, 6]);
});

test('a wall clock that is set forward ends no pause', () => {
  const clock = new ManualClock();
  const limiter = createAttemptLimiter(clock, 5);
  clock.jump(hour);
  expect(limiter.closedForMs()).toBe(2000);
});

test('a success forgets failures and pause', () => {
  const limiter = createAttemptLimiter(new ManualClock(), 9);
  limiter.succeeded();
  expect([limiter.failures, limiter.closedForMs()]).toEqual([0, 0]);
});
