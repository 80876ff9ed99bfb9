/**
 * After a few sessions that failed to prove themselves the lock takes its time before it obeys again. The pauses stay
 * short: whoever stands beside a lock and fails on purpose must not be able to keep its owner out for long.
 */
import type { LockState } from './lock-state.ts';

const freeFailures = 5;
const firstPauseMs = 2000;
const longestPauseMs = 30_000;

export interface AttemptLimiter {
  /** Milliseconds until the next command is obeyed; 0 for now. */
  closedForMs(now: number): number;
  failed(now: number): void;
  succeeded(): void;
  snapshot(): LockState['attempts'];
}

/** Times are the lock's own, in milliseconds. One success forgets all failures. */
export const createAttemptLimiter = (stored: LockState['attempts']): AttemptLimiter => {
  let { failures, closedUntil } = stored;
  return {
    closedForMs: (now) => Math.max(0, closedUntil - now),
    failed: (now) => {
      failures += 1;
      if (failures < freeFailures) return;
      const pause = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(10, failures - freeFailures));
      closedUntil = now + pause;
    },
    succeeded: () => {
      failures = 0;
      closedUntil = 0;
    },
    snapshot: () => ({ failures, closedUntil }),
  };
};
