import type { Timer } from './in-time.ts';

/** Runs `task` again and again, `ms` after it was last begun; not at once. The returned function ends that, also from within `task`. */
export const every = (timer: Timer, ms: number, task: () => void): (() => void) => {
  let cancel = (): void => undefined;
  const begin = (): void => {
    cancel = timer.after(ms, () => {
      begin();
      task();
    });
  };
  begin();
  return () => cancel();
};
