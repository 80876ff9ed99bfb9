import type { Clock } from '#kiosk/platform/clock.ts';

/** A person at a page causes a few messages a second; a scanner or a reconnect some dozens at once. */
const burst = 120;
const perSecond = 40;

/** Whether one more message is within what a page may send (a token bucket). */
export const createMessageBudget = (clock: Clock): (() => boolean) => {
  let left = burst;
  let countedAt = clock.monotonic();
  return () => {
    const now = clock.monotonic();
    left = Math.min(burst, left + ((now - countedAt) / 1000) * perSecond);
    countedAt = now;
    if (left < 1) return false;
    left -= 1;
    return true;
  };
};
