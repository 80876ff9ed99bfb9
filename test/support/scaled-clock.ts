import type { Clock } from '#kiosk/platform/clock.ts';

/** A clock that runs `factor` times as fast as the real one: minutes of air in seconds of test. */
export const scaledClock = (factor: number): Clock => {
  const start = performance.now();
  const wall = Date.UTC(2026, 0, 5, 9);
  const monotonic = (): number => (performance.now() - start) * factor;
  return {
    now: () => wall + monotonic(),
    monotonic,
    sinceBoot: monotonic,
    after: (ms, task) => {
      const timer = setTimeout(task, ms / factor);
      return () => clearTimeout(timer);
    },
  };
};
