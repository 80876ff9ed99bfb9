import type { Clock } from '#kiosk/platform/clock.ts';

/** A token bucket of one second's worth: answers whether one more request may be served now. */
export const createRateLimit = (clock: Clock, perSecond: number): (() => boolean) => {
  let tokens = perSecond;
  let filledAt = clock.monotonic();
  return () => {
    const now = clock.monotonic();
    tokens = Math.min(perSecond, tokens + ((now - filledAt) * perSecond) / 1000);
    filledAt = now;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
};
