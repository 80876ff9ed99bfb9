import type { Clock } from '../platform/clock.ts';

const minuteMs = 60_000;
/** How late after a sleep, or after the clock was set, at the most. */
const lookEveryMs = 5_000;

/** Runs `task` at the beginning of each minute of the clock: no schedule and no date changes in between. The function ends it. */
export const onEachMinute = (clock: Clock, task: () => void): (() => void) => {
  let minute = Math.floor(clock.now() / minuteMs);
  let cancel = (): void => undefined;
  const wait = (): void => {
    const untilNextMs = minuteMs - (clock.now() % minuteMs);
    cancel = clock.after(Math.min(untilNextMs, lookEveryMs), look);
  };
  function look(): void {
    const now = Math.floor(clock.now() / minuteMs);
    const isAnother = now !== minute;
    minute = now;
    wait();
    if (isAnother) task();
  }
  wait();
  return () => cancel();
};
