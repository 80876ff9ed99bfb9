/**
 * What failed sessions may cost a lock. Whoever stands beside it can fail on purpose, for ever and without a key, so a pause
 * must never stand between the lock and a kiosk that proves itself: it would be a way to keep the owner out. A pause spares
 * the lock instead: until it is over, further failures are neither written to its memory nor to its ring (which would soon
 * hold nothing else), each link may fail once, and release tokens that do not verify are answered with the pause.
 */
import type { Clock } from '#kiosk/platform/clock.ts';

const freeFailures = 5;
const firstPauseMs = 2000;
/** Long, because it keeps nobody out: one record an hour leaves the ring to what its owner does. */
const longestPauseMs = 3_600_000;
const mostDoublings = 11;

export interface AttemptLimiter {
  /** How many sessions failed since the last that did not: what is remembered. */
  readonly failures: number;
  /** Milliseconds until the next failure counts; 0 for now. */
  closedForMs(): number;
  /** Whether this failure counts, and so is to be remembered. */
  failed(): boolean;
  /** One success forgets all failures. */
  succeeded(): void;
}

const pauseMs = (failures: number): number =>
  failures < freeFailures
    ? 0
    : Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(mostDoublings, failures - freeFailures));

/**
 * Counts durations, not times of day: the lock's clock may leap forward in the very session that is judged. Restarting the
 * lock does not shorten a pause.
 */
export const createAttemptLimiter = (clock: Clock, storedFailures: number): AttemptLimiter => {
  let failures = storedFailures;
  let closedUntil = clock.monotonic() + pauseMs(failures);
  const closedForMs = (): number => Math.max(0, closedUntil - clock.monotonic());
  return {
    get failures() {
      return failures;
    },
    closedForMs,
    failed: () => {
      if (closedForMs() > 0) return false;
      failures += 1;
      closedUntil = clock.monotonic() + pauseMs(failures);
      return true;
    },
    succeeded: () => {
      failures = 0;
      closedUntil = 0;
    },
  };
};
