/**
 * A part of an operation's time, for one of several peers that say to be the lock: a stranger who takes the link and says
 * nothing costs his part, and the next one is tried. Once a command has left, the operation's own limits hold.
 */
import { untilAborted } from '#shared/flow/abort.ts';
import type { Clock } from '../../../platform/clock.ts';
import type { OperationScope } from './operation-scope.ts';

export const createTrialScope = (clock: Clock, scope: OperationScope, limitMs: number): OperationScope => {
  const abort = new AbortController();
  const until = clock.monotonic() + limitMs;
  const signal = AbortSignal.any([scope.signal, abort.signal]);
  let over = false;
  const stopTimer = clock.after(limitMs, () => {
    if (scope.committed) return;
    over = true;
    abort.abort();
  });
  return {
    signal,
    get ending() {
      return scope.ending ?? (over ? 'deadline' : null);
    },
    get committed() {
      return scope.committed;
    },
    get currentStage() {
      return scope.currentStage;
    },
    remainingMs: () => {
      const remaining = scope.remainingMs();
      return scope.committed ? remaining : Math.max(1, Math.min(remaining, until - clock.monotonic()));
    },
    stage: (stage) => {
      if (!over) scope.stage(stage);
    },
    commit: () => {
      if (over || !scope.commit()) return false;
      stopTimer();
      return true;
    },
    within: (promise) => untilAborted(signal, promise, () => null),
    cancel: () => scope.cancel(),
    dispose: stopTimer,
  };
};
