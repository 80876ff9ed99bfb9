/**
 * The core's clock in the page. The page runs on the same machine, so both clocks pass at the same pace and jump together;
 * only their difference has to be kept, as of the last view of the kiosk.
 */
export interface CoreClock {
  /** The core's time, renewed every second: for words. */
  readonly now: number;
  /** The core's time at this instant: for anything finer than a second. */
  exact(): number;
  set(coreNow: number): void;
  dispose(): void;
}

export const createCoreClock = (): CoreClock => {
  let offset = 0;
  let now = $state(Date.now());
  const exact = (): number => Date.now() + offset;
  const timer = setInterval(() => {
    now = exact();
  }, 1_000);
  return {
    get now() {
      return now;
    },
    exact,
    set: (coreNow) => {
      offset = coreNow - Date.now();
      now = coreNow;
    },
    dispose: () => clearInterval(timer),
  };
};
