/**
 * After a few sessions that failed to prove themselves the lock takes its time before it obeys again. The pauses stay
 * short: whoever stands beside a lock and fails on purpose must not be able to keep its owner out for long.
 */
import type { Clock } from '#kiosk/platform/clock.ts';

const freeFailures = 5;
const firstPauseMs = 2000;
const longestPauseMs = 30_000;

export interface AttemptLimiter {
  /** How many sessions failed since the last that did not: what is remembered. */
  readonly failures: number;
  /** Milliseconds until the next command is obeyed; 0 for now. */
  closedForMs(): number;
  failed(): void;
  /** One success forgets all failures. */
  succeeded(): void;
}

const pauseMs = (failures: number): number =>
  failures < freeFailures
    ? 0
    : Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(10, failures - freeFailures));

/**
 * Counts durations, not times of day: the lock's clock may leap forward in the very session that is judged. Restarting the
 * lock does not shorten a pause.
 */
export const createAttemptLimiter = (clock: Clock, storedFailures: number): AttemptLimiter => {
  let failures = storedFailures;
  let closedUntil = clock.monotonic() + pauseMs(failures);
  return {
    get failures() {
      return failures;
    },
    closedForMs: () => Math.max(0, closedUntil - clock.monotonic()),
    failed: () => {
      failures += 1;
      closedUntil = clock.monotonic() + pauseMs(failures);
    },
    succeeded: () => {
      failures = 0;
      closedUntil = 0;
    },
  };
};
