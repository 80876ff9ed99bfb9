import type { Clock } from '#kiosk/platform/clock.ts';

export interface Repeated {
  /** From now on every so often, whatever was before. */
  begin(): void;
  stop(): void;
}

/** Something that is done every `ms` milliseconds. */
export const createRepeated = (clock: Clock, ms: number, task: () => void): Repeated => {
  let cancel = (): void => undefined;
  const begin = (): void => {
    cancel();
    cancel = clock.after(ms, () => {
      task();
      begin();
    });
  };
  return { begin, stop: () => cancel() };
};
