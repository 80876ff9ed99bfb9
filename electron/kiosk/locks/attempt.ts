/** One attempt to open one lock, as it is shown while it runs: stages, their times, and whether it can still be stopped. */
import { BehaviorSubject, type Observable } from 'rxjs';
import type { AttemptView, UnlockEnd } from '#shared/ipc/views.ts';
import type { SignInMethod, UnlockStage } from '#shared/models/access-event.ts';
import type { Clock } from '../platform/clock.ts';
import type { Opening } from '../staff/opening.ts';

export type AttemptState = NonNullable<AttemptView['attempt']>;

export interface UnlockAttempt {
  readonly attemptId: string;
  readonly serialNumber: string;
  readonly opening: Opening;
  /** How whoever opens had proved who they are when it was judged last, before the command left. */
  readonly method: SignInMethod;
  readonly state$: Observable<AttemptState>;
  readonly state: AttemptState;
  /** Whether the command has left: from then on only the lock knows. */
  readonly committed: boolean;
  enter(stage: UnlockStage): void;
  commit(): void;
  finish(end: UnlockEnd): void;
  /** What the lock has said, authenticated, of its bolt; null when that is no longer known. */
  boltIs(bolt: 'open' | 'locked' | null): void;
}

export interface AttemptOptions {
  readonly attemptId: string;
  readonly serialNumber: string;
  readonly lockName: string;
  readonly opening: Opening;
  readonly clock: Clock;
}

export const createAttempt = ({
  attemptId,
  serialNumber,
  lockName,
  opening,
  clock,
}: AttemptOptions): UnlockAttempt => {
  let stageBegunAt = clock.monotonic();
  let committed = false;
  let { method } = opening;
  const state$ = new BehaviorSubject<AttemptState>({
    attemptId,
    serialNumber,
    lockName,
    startedAt: clock.now(),
    stage: 'find',
    stageMs: {},
    canStop: true,
    end: null,
    bolt: null,
  });
  const change = (part: Partial<AttemptState>): void => state$.next({ ...state$.value, ...part });

  /** The times of all stages up to now. A stage that was entered twice has both its times. */
  const closeStage = (): AttemptState['stageMs'] => {
    const { stage, stageMs } = state$.value;
    const now = clock.monotonic();
    const took = Math.max(0, Math.round(now - stageBegunAt));
    stageBegunAt = now;
    return { ...stageMs, [stage]: (stageMs[stage] ?? 0) + took };
  };

  return {
    attemptId,
    serialNumber,
    opening,
    get method() {
      if (!committed) method = opening.methodNow?.() ?? method;
      return method;
    },
    state$,
    get state() {
      return state$.value;
    },
    get committed() {
      return committed;
    },
    enter: (stage) => {
      if (state$.value.end !== null || stage === state$.value.stage) return;
      change({ stageMs: closeStage(), stage });
    },
    commit: () => {
      if (!committed) method = opening.methodNow?.() ?? method;
      committed = true;
      if (state$.value.end === null) change({ canStop: false });
    },
    finish: (end) => {
      if (state$.value.end !== null) return;
      change({ stageMs: closeStage(), canStop: false, end, bolt: end.kind === 'open' ? 'open' : null });
    },
    boltIs: (bolt) => change({ bolt }),
  };
};
