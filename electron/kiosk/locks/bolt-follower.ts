/**
 * After a lock has opened, asks it whether it is locked again: once its hold-open time is over, authenticated, and a few
 * times more only while it says that it is still open. Whoever stands in front of the screen goes before it.
 */
import type { LockDriver } from '../link/lock-driver.ts';
import type { Clock } from '../platform/clock.ts';
import type { Attempt } from './attempt.ts';
import type { Credentials } from './credentials.ts';
import type { LockDirectory } from './lock-directory.ts';
import type { OperationSlot } from './operation-slot.ts';

/** The lock's own clock may be a little behind, and a bolt takes its time. */
const graceMs = 700;
const askAgainMs = 2_000;
const mostAsks = 3;
const askDeadlineMs = 6_000;

export interface BoltFollower {
  /** Asks after `until` (the clock's time). Following another attempt ends this one. */
  follow(attempt: Attempt, until: number): void;
  stop(): void;
}

export interface BoltFollowerOptions {
  readonly driver: Pick<LockDriver, 'status'>;
  readonly directory: LockDirectory;
  readonly credentials: Credentials;
  readonly slot: OperationSlot;
  readonly clock: Clock;
}

export const createBoltFollower = (options: BoltFollowerOptions): BoltFollower => {
  const { driver, directory, credentials, slot, clock } = options;
  let stopper = new AbortController();
  let cancelTimer = (): void => undefined;

  const stop = (): void => {
    cancelTimer();
    stopper.abort();
  };

  /** What the lock says; null when it could not be asked. */
  const ask = async (serialNumber: string, signal: AbortSignal): Promise<'open' | 'locked' | null> => {
    const lock = directory.lock(serialNumber);
    const turn = await slot.claim('background', serialNumber);
    if (!turn.ok) return null;
    try {
      if (!lock) return null;
      const status = await credentials.lend(serialNumber, lock.deviceCertificate, (lent) =>
        driver.status(serialNumber, lent, {
          deadlineMs: askDeadlineMs,
          signal: AbortSignal.any([signal, turn.value.yielded]),
        }),
      );
      if (!status.ok) return null;
      return status.value.boltOpen ? 'open' : 'locked';
    } finally {
      turn.value.release();
    }
  };

  const askUntilLocked = async (attempt: Attempt, asksLeft: number, signal: AbortSignal): Promise<void> => {
    const bolt = await ask(attempt.serialNumber, signal).catch(() => null);
    if (signal.aborted) return;
    if (bolt === 'locked' || asksLeft <= 1) {
      attempt.boltIs(bolt);
      return;
    }
    cancelTimer = clock.after(askAgainMs, () => void askUntilLocked(attempt, asksLeft - 1, signal));
  };

  return {
    follow: (attempt, until) => {
      stop();
      stopper = new AbortController();
      const { signal } = stopper;
      const waitMs = Math.max(0, until - clock.now()) + graceMs;
      cancelTimer = clock.after(waitMs, () => void askUntilLocked(attempt, mostAsks, signal));
    },
    stop,
  };
};
