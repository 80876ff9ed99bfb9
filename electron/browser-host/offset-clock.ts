import type { Clock } from '#kiosk/platform/clock.ts';

export interface OffsetClock extends Clock {
  /** Moves the wall clock to the true time plus `ms`; durations and timers do not notice. */
  setOffset(ms: number): void;
}

/** A clock that a person at the air panel can set wrong. */
export const createOffsetClock = (clock: Clock): OffsetClock => {
  let offset = 0;
  return {
    now: () => clock.now() + offset,
    monotonic: () => clock.monotonic(),
    sinceBoot: () => clock.sinceBoot(),
    after: (ms, task) => clock.after(ms, task),
    setOffset: (ms) => {
      offset = ms;
    },
  };
};
