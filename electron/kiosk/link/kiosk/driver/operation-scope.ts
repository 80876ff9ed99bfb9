/** One operation's limits: its deadline, the caller's wish to stop, and the point from which it can't be stopped. */
import { onAbort, untilAborted } from '#shared/flow/abort.ts';
import type { UnlockStage } from '#shared/models/access-event.ts';
import type { Clock } from '../../../platform/clock.ts';
import type { LockOperation } from '../../lock-driver.ts';

/** Why an operation ended before it had an outcome. */
export type EndedBy = 'deadline' | 'cancelled';

export interface OperationScope {
  /** Aborted at the deadline, and when the caller cancels before the commitment. */
  readonly signal: AbortSignal;
  /** null while the operation may go on. */
  readonly ending: EndedBy | null;
  readonly committed: boolean;
  /** The stage that began last. */
  readonly currentStage: UnlockStage;
  /** Milliseconds, at least 1: an operation on the radio always has a timeout. */
  remainingMs(): number;
  stage(stage: UnlockStage): void;
  /** From here on the caller can't cancel. Answers false, having committed to nothing, if the operation has ended. */
  commit(): boolean;
  /** The promise's value, or null if the operation ends first. Rejects as the promise does. */
  within<T>(promise: Promise<T>): Promise<T | null>;
  cancel(): void;
  dispose(): void;
}

export const createOperationScope = (clock: Clock, operation: LockOperation): OperationScope => {
  const abort = new AbortController();
  const deadline = clock.monotonic() + operation.deadlineMs;
  let ending: EndedBy | null = null;
  let committed = false;
  let currentStage: UnlockStage = 'find';

  const end = (why: EndedBy): void => {
    if (ending !== null) return;
    ending = why;
    abort.abort();
  };
  const cancel = (): void => {
    if (!committed) end('cancelled');
  };
  const stopTimer = clock.after(operation.deadlineMs, () => end('deadline'));
  const forget = onAbort(operation.signal, cancel);

  return {
    signal: abort.signal,
    get ending() {
      return ending;
    },
    get committed() {
      return committed;
    },
    get currentStage() {
      return currentStage;
    },
    remainingMs: () => Math.max(1, deadline - clock.monotonic()),
    stage: (stage) => {
      if (ending !== null) return;
      currentStage = stage;
      operation.onStage?.(stage);
    },
    commit: () => {
      if (ending !== null) return false;
      if (!committed) {
        committed = true;
        operation.onCommitted?.();
      }
      return true;
    },
    within: (promise) => untilAborted(abort.signal, promise, () => null),
    cancel,
    dispose: () => {
      stopTimer();
      forget();
    },
  };
};
