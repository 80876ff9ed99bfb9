/** The lock's clock never goes back, and only a time token makes it one that has not stopped, or is exact, for a month. */
import { expect, test } from 'vitest';
import { ManualClock } from '#kiosk/platform/manual-clock.ts';
import { createLockClock } from './lock-clock.ts';

const floor = 1_000_000;
const start = (stopped = true) => {
  const clock = new ManualClock(5_000_000);
  const lockClock = createLockClock(clock, {
    floor,
    rtcAtFloor: clock.now(),
    exact: false,
    setAt: 0,
    stopped,
  });
  return { clock, lockClock };
};

test('is raised by later times alone, and none of them tells a clock that has stopped how long it stood', () => {
  const { lockClock } = start();
  for (const time of [0, floor - 1, floor]) {
    lockClock.raise(time);
    expect([lockClock.now(), lockClock.stopped, lockClock.exact]).toEqual([floor, true, false]);
  }
  lockClock.raise(floor + 1);
  expect([lockClock.now(), lockClock.stopped, lockClock.exact]).toEqual([floor + 1, true, false]);
});

test('is compared with what has run since, not with the floor', async () => {
  const { clock, lockClock } = start();
  await clock.advance(1000);
  lockClock.raise(floor + 999);
  expect([lockClock.now(), lockClock.stopped]).toEqual([floor + 1000, true]);
});

test('that is set to an earlier time stays where it is, and is exact from there', async () => {
  const { clock, lockClock } = start();
  await clock.advance(1000);
  lockClock.set(floor);
  expect([lockClock.now(), lockClock.exact, lockClock.stopped]).toEqual([floor + 1000, true, false]);
  lockClock.set(floor + 5000);
  expect(lockClock.now()).toBe(floor + 5000);
});

test('that is proved slow is not exact any more, and one that is proved nothing stays so', async () => {
  const { clock, lockClock } = start();
  lockClock.set(floor + 10);
  await clock.advance(1000);
  lockClock.raise(floor + 1010);
  expect(lockClock.exact).toBe(true);
  lockClock.raise(floor + 1011);
  expect([lockClock.exact, lockClock.stopped]).toEqual([false, false]);
});

test('is exact for a month after a token, and runs on as one that has not stopped', async () => {
  const { clock, lockClock } = start();
  lockClock.set(floor);
  await clock.advance(30 * 86_400_000);
  expect(lockClock.exact).toBe(true);
  await clock.advance(1);
  expect([lockClock.exact, lockClock.stopped]).toEqual([false, false]);
});

test('keeps its time through a loss of power as a lower bound, and says that it has stopped', async () => {
  const { clock, lockClock } = start(false);
  lockClock.set(floor + 10);
  await clock.advance(1000);
  clock.jump(60_000);
  lockClock.losePower();
  expect([lockClock.exact, lockClock.stopped]).toEqual([false, true]);
  expect(lockClock.now()).toBe(floor + 10);
});
