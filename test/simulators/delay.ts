import type { Clock } from '#kiosk/platform/clock.ts';

/** Resolves after `ms` of this clock. */
export const delay = (clock: Pick<Clock, 'after'>, ms: number): Promise<void> =>
  new Promise((resolve) => {
    clock.after(ms, resolve);
  });
