/**
 * What failed sessions may cost a lock's memory and ring. Whoever stands beside it can fail on purpose, for ever and without a
 * key, so nothing of this stands between the lock and a kiosk that proves itself: it would be a way to keep the owner out. A
 * bucket spares the lock instead. Each failure that is written takes one of five places, and an hour gives one back; while none
 * is free, further failures are neither written to its memory nor to its ring (which would soon hold nothing else), each link
 * may fail once, and release tokens that do not verify are answered with the pause. A success frees no place: a stranger who
 * takes turns with the owner writes no more than one who is alone.
 */
import type { Clock } from '#kiosk/platform/clock.ts';

const places = 5;
/** One an hour, 24 a day: long, because it keeps nobody out. */
const placeEveryMs = 3_600_000;

export interface AttemptLimiter {
  /** Places taken: what is remembered. */
  readonly failures: number;
  /** Milliseconds until the next failure counts; 0 for now. */
  closedForMs(): number;
  /** Whether this failure counts, and so is to be remembered. */
  failed(): boolean;
}

/**
 * Counts durations, not times of day: the lock's clock may leap forward in the very session that is judged. Restarting the
 * lock does not shorten a pause.
 */
export const createAttemptLimiter = (clock: Clock, storedFailures: number): AttemptLimiter => {
  let taken = Math.min(storedFailures, places);
  /** When the last place was given back, or began to be waited for. */
  let since = clock.monotonic();
  const giveBack = (): void => {
    const due = Math.floor((clock.monotonic() - since) / placeEveryMs);
    taken = Math.max(0, taken - due);
    since = taken === 0 ? clock.monotonic() : since + due * placeEveryMs;
  };
  const closedForMs = (): number => {
    giveBack();
    return taken < places ? 0 : since + placeEveryMs - clock.monotonic();
  };
  return {
    get failures() {
      giveBack();
      return taken;
    },
    closedForMs,
    failed: () => {
      if (closedForMs() > 0) return false;
      taken += 1;
      return true;
    },
  };
};
