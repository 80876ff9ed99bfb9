/**
 * After a lock has opened, asks it whether it is locked again: once its hold-open time is over, authenticated, and a few
 * times more only while it says that it is still open. Whoever stands in front of the screen goes before it.
 */
import type { Clock } from '../platform/clock.ts';
import type { UnlockAttempt } from './attempt.ts';
import type { BoltQuestion } from './bolt-question.ts';

/** The lock's own clock may be a little behind, and a bolt takes its time. */
export const graceMs = 700;
export const askAgainMs = 2_000;
export const mostAsks = 3;

export interface BoltFollower {
  /** Asks after `until` (the clock's time). Following another attempt ends this one. */
  follow(attempt: UnlockAttempt, until: number): void;
  stop(): void;
}

export interface BoltFollowerOptions {
  readonly ask: BoltQuestion;
  readonly clock: Clock;
}

export const createBoltFollower = ({ ask, clock }: BoltFollowerOptions): BoltFollower => {
  let stopper = new AbortController();
  let cancelTimer = (): void => undefined;

  const stop = (): void => {
    cancelTimer();
    stopper.abort();
  };

  const askUntilLocked = async (
    attempt: UnlockAttempt,
    asksLeft: number,
    signal: AbortSignal,
  ): Promise<void> => {
    const bolt = await ask(attempt.serialNumber, signal);
    if (signal.aborted) return;
    if (bolt === 'locked' || asksLeft <= 1) {
      attempt.boltIs(bolt === 'locked' || bolt === 'open' ? bolt : null);
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
