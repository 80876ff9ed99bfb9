/**
 * How wrong PINs lock a person's sign-in, as arithmetic on one counter.
 *
 * The fifth wrong PIN locks for 30 s; each further one locks again for twice as long, up to 15 minutes. Ten quiet minutes
 * after the lock has ended take one wrong PIN off the counter, so it fades by itself; a right PIN clears it. Time here is
 * elapsed time: whoever turns the wall clock back gains nothing, and can lose no more than the lock that was in force.
 */
export interface Lockout {
  /** Wrong PINs that still count. */
  readonly wrong: number;
  /** Milliseconds for which sign-in stays locked. */
  readonly lockedMs: number;
  /** Quiet milliseconds since the lock ended that have not yet taken a wrong PIN off. */
  readonly quietMs: number;
}

export const noLockout: Lockout = { wrong: 0, lockedMs: 0, quietMs: 0 };

export const freeAttempts = 5;
const firstLockMs = 30_000;
const longestLockMs = 15 * 60_000;
const fadeMs = 10 * 60_000;
/** 30 s doubled five times passes 15 minutes: counting further would only make it fade more slowly. */
const mostWrong = freeAttempts + 5;

/** The lockout after `elapsedMs` (0 or more) in which nothing was tried. */
export const afterQuiet = (lockout: Lockout, elapsedMs: number): Lockout => {
  const elapsed = Math.max(0, elapsedMs);
  const lockedMs = Math.max(0, lockout.lockedMs - elapsed);
  if (lockout.wrong === 0) return noLockout;
  const quiet = lockout.quietMs + Math.max(0, elapsed - lockout.lockedMs);
  const wrong = Math.max(0, lockout.wrong - Math.floor(quiet / fadeMs));
  return wrong === 0 ? noLockout : { wrong, lockedMs, quietMs: quiet % fadeMs };
};

/** The lockout after a wrong PIN that was allowed to be tried. */
export const afterWrongPin = (lockout: Lockout): Lockout => {
  const wrong = Math.min(mostWrong, lockout.wrong + 1);
  const doublings = wrong - freeAttempts;
  const lockedMs = doublings < 0 ? 0 : Math.min(longestLockMs, firstLockMs * 2 ** doublings);
  return { wrong, lockedMs, quietMs: 0 };
};

/** How many wrong PINs may still follow before the next one locks. */
export const attemptsLeft = (lockout: Lockout): number => Math.max(0, freeAttempts - lockout.wrong);
