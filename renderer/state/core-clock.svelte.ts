/**
 * The core's clock in the page: what it said last, in a view of the kiosk, and the time that has passed since. So a clock that is set
 * moves no countdown before the core has told where it leads to now.
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
  let offset = Date.now() - performance.now();
  let now = $state(Date.now());
  const exact = (): number => performance.now() + offset;
  const timer = setInterval(() => {
    now = exact();
  }, 1_000);
  return {
    get now() {
      return now;
    },
    exact,
    set: (coreNow) => {
      offset = coreNow - performance.now();
      now = coreNow;
    },
    dispose: () => clearInterval(timer),
  };
};
