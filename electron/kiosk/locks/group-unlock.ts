/**
 * Opens several locks for one person, one after the other: the radio makes one connection at a time, and a lock that does
 * not answer costs its own deadline and no other lock's. Each is an attempt of its own, with its own entry in the journal.
 */
import { BehaviorSubject, type Observable } from 'rxjs';
import { fail, ok, type Result } from '#shared/errors/app-error.ts';
import type { GroupView, UnlockEnd } from '#shared/ipc/views.ts';
import type { Random } from '../platform/random.ts';
import type { LockDirectory } from './lock-directory.ts';
import type { UnlockService } from './unlock-service.ts';

export type GroupRun = NonNullable<GroupView['run']>;

export interface GroupUnlock {
  /** The run that goes on or went last. Replays. */
  readonly run$: Observable<GroupRun | null>;
  /**
   * Answers when every lock has its end; `lock.busy` while another run goes on. After `signal`, a stop, or a person who is
   * no longer there, the locks that have not begun end as `lock.cancelled`.
   */
  unlock(
    serialNumbers: readonly string[],
    person: { readonly staffId: string; readonly isThere: () => boolean },
    signal: AbortSignal,
  ): Promise<Result<GroupRun>>;
  /** Stops that run: the lock at work is stopped if that is still possible, the others do not begin. */
  stop(runId: string): void;
  dispose(): void;
}

export interface GroupUnlockOptions {
  readonly unlocks: Pick<UnlockService, 'unlock'>;
  readonly directory: Pick<LockDirectory, 'lock'>;
  readonly random: Random;
}

export const createGroupUnlock = ({ unlocks, directory, random }: GroupUnlockOptions): GroupUnlock => {
  const run$ = new BehaviorSubject<GroupRun | null>(null);
  let stopper: AbortController | null = null;

  const change = (serialNumber: string, to: Partial<GroupRun['locks'][number]>): void => {
    const run = run$.value;
    if (!run) return;
    const locks = run.locks.map((lock) => (lock.serialNumber === serialNumber ? { ...lock, ...to } : lock));
    run$.next({ ...run, locks });
  };

  const openOne = async (serialNumber: string, staffId: string, signal: AbortSignal): Promise<UnlockEnd> => {
    const answer = await unlocks.unlock(serialNumber, staffId, signal);
    return answer.ok ? answer.value : { kind: 'not_open', error: answer.error };
  };

  return {
    run$: run$.asObservable(),
    unlock: async (serialNumbers, person, signal) => {
      const [first] = serialNumbers;
      if (first === undefined || stopper !== null) return fail('lock.busy', { serialNumber: first ?? '' });
      const own = new AbortController();
      stopper = own;
      const either = AbortSignal.any([signal, own.signal]);
      const locks = [...new Set(serialNumbers)].map((serialNumber) => ({
        serialNumber,
        name: directory.lock(serialNumber)?.name ?? serialNumber,
        working: false,
        end: null,
      }));
      run$.next({ runId: random.uuid(), over: false, locks });
      try {
        for (const { serialNumber } of locks) {
          const goesOn = !either.aborted && person.isThere();
          if (goesOn) change(serialNumber, { working: true });
          const end: UnlockEnd = goesOn
            ? await openOne(serialNumber, person.staffId, either)
            : { kind: 'not_open', error: { code: 'lock.cancelled', params: { serialNumber } } };
          change(serialNumber, { working: false, end });
        }
      } finally {
        stopper = null;
        if (run$.value) run$.next({ ...run$.value, over: true });
      }
      return run$.value ? ok(run$.value) : fail('internal.unexpected');
    },
    stop: (runId) => {
      if (run$.value?.runId === runId) stopper?.abort();
    },
    dispose: () => {
      stopper?.abort();
      run$.complete();
    },
  };
};
