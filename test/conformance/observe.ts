/** Runs one operation of a driver and watches what every operation promises: that it answers, in time, in the right words. */
import { appErrorSchema, type Result } from '#shared/errors/app-error.ts';
import type { UnlockStage } from '#shared/models/access-event.ts';
import type { LockOperation } from '#kiosk/link/lock-driver.ts';
import { BrokenPromise, insist } from './broken-promise.ts';
import type { World } from './world.ts';

export const deadlineMs = 10_000;
/** How much later than its deadline an answer may come: timers are not exact. */
const toleranceMs = 250;
const stepMs = 100;

export interface Watch {
  readonly signal?: AbortSignal;
  readonly onStage?: (stage: UnlockStage) => void;
  readonly onCommitted?: () => void;
  readonly deadlineMs?: number;
}

export interface Observed<T> {
  readonly what: string;
  readonly result: Result<T>;
  readonly stages: readonly UnlockStage[];
  /** The stage that was running at each call of `onCommitted`. */
  readonly commits: readonly (UnlockStage | null)[];
  /** From the call to the answer, in milliseconds. */
  readonly tookMs: number;
}

/** An operation under way. */
export interface Running<T> {
  readonly what: string;
  /** Lets time pass until the answer is there; throws `BrokenPromise` where a promise of all operations is broken. */
  finish(): Promise<Observed<T>>;
}

type Settled<T> = { readonly result: Result<T> } | { readonly thrown: unknown };

const inTheRightWords = (what: string, result: Result<unknown>): void => {
  if (result.ok) return;
  const { error } = result;
  insist(appErrorSchema.safeParse(error).success, `${what} answered an error that is not in the table`);
  insist(/^(lock|radio)\./.test(error.code), `${what} answered ${error.code}: neither lock.* nor radio.*`);
};

export const begin = <T>(
  world: World,
  what: string,
  call: (operation: LockOperation) => Promise<Result<T>>,
  watch: Watch = {},
): Running<T> => {
  const limitMs = watch.deadlineMs ?? deadlineMs;
  const stages: UnlockStage[] = [];
  const commits: (UnlockStage | null)[] = [];
  const began = world.clock.monotonic();
  const state: { settled: Settled<T> | null; tookMs: number } = { settled: null, tookMs: 0 };
  const settle = (settled: Settled<T>): void => {
    state.settled = settled;
    state.tookMs = world.clock.monotonic() - began;
  };
  const operation: LockOperation = {
    deadlineMs: limitMs,
    ...(watch.signal === undefined ? {} : { signal: watch.signal }),
    onStage: (stage) => {
      stages.push(stage);
      watch.onStage?.(stage);
    },
    onCommitted: () => {
      commits.push(stages.at(-1) ?? null);
      watch.onCommitted?.();
    },
  };
  try {
    call(operation).then(
      (result) => settle({ result }),
      (thrown: unknown) => settle({ thrown }),
    );
  } catch (thrown) {
    settle({ thrown });
  }

  return {
    what,
    finish: async () => {
      while (state.settled === null && world.clock.monotonic() - began <= limitMs + toleranceMs) {
        await world.pass(stepMs);
      }
      const { settled, tookMs } = state;
      if (settled === null) throw new BrokenPromise(`${what} has not answered by its deadline`);
      if ('thrown' in settled)
        throw new BrokenPromise(`${what} threw or rejected: ${String(settled.thrown)}`);
      insist(tookMs <= limitMs + toleranceMs, `${what} answered ${tookMs - limitMs} ms after its deadline`);
      inTheRightWords(what, settled.result);
      return { what, result: settled.result, stages, commits, tookMs };
    },
  };
};
