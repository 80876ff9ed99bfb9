import type { Clock } from '#kiosk/platform/clock.ts';

/** Something that is on for a while and then off by itself: the open bolt, the blinking lamp. */
export interface SwitchedFor {
  readonly on: boolean;
  /** On for `ms` from now, whatever was before. */
  start(ms: number): void;
  stop(): void;
}

export const createSwitchedFor = (clock: Clock, onChange: () => void): SwitchedFor => {
  let cancel: (() => void) | null = null;
  const stop = (): void => {
    if (!cancel) return;
    cancel();
    cancel = null;
    onChange();
  };
  return {
    get on() {
      return cancel !== null;
    },
    start: (ms) => {
      cancel?.();
      cancel = clock.after(ms, stop);
      onChange();
    },
    stop,
  };
};
