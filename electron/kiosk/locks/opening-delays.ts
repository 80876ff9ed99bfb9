/** Takes that somebody asks for a lock whose rule has a delay, and that somebody calls it off. Both are in the journal. */
import { ok, type Result } from '#shared/errors/app-error.ts';
import type { Journal } from '../journal/journal.ts';
import type { Judge } from '../staff/judge.ts';
import type { Waits } from '../staff/waits.ts';
import type { StaffService } from '../staff/staff-service.ts';
import type { LockDirectory } from '../visit/lock-directory.ts';
import type { StoreLock } from '../visit/store-locks.ts';
import type { OpeningDesk } from './opening-desk.ts';

export interface OpeningDelays {
  /**
   * From now on the delay of these locks runs. Those that have none, that were asked for already or that the person may not open are
   * passed over. Errors: those of `Judge.refusal`, where that leaves none.
   */
  ask(serialNumbers: readonly string[], staffId: string): Promise<Result<null>>;
  /** Nobody waits for them any more, whoever has asked. */
  callOff(serialNumbers: readonly string[], staffId: string): Promise<Result<null>>;
}

export interface OpeningDelaysOptions {
  readonly waits: Pick<Waits, 'begin' | 'end'>;
  readonly judge: Pick<Judge, 'refusal' | 'needs' | 'wait' | 'delayMinutes'>;
  readonly directory: Pick<LockDirectory, 'lock'>;
  readonly staff: Pick<StaffService, 'method'>;
  readonly desk: Pick<OpeningDesk, 'noteRefusal'>;
  readonly journal: Pick<Journal, 'record'>;
}

const minuteMs = 60_000;

export const createOpeningDelays = (options: OpeningDelaysOptions): OpeningDelays => {
  const { waits, judge, directory, staff, desk, journal } = options;
  const locksOf = (serialNumbers: readonly string[]): StoreLock[] =>
    [...new Set(serialNumbers)].flatMap((serialNumber) => directory.lock(serialNumber) ?? []);
  const record = (
    kind: 'opening_asked' | 'opening_called_off',
    staffId: string,
    { serialNumber, group }: StoreLock,
  ): Promise<unknown> =>
    journal.record({ kind, staffId, serialNumber, circumstances: { method: staff.method(), group } });
  /** By the rule of the group that the lock is in by then. */
  const delayOf = (serialNumber: string) => (): number | null => {
    const lock = directory.lock(serialNumber);
    const minutes = lock ? judge.delayMinutes(lock.group) : null;
    return minutes === null ? null : minutes * minuteMs;
  };

  return {
    ask: async (serialNumbers, staffId) => {
      const locks = locksOf(serialNumbers);
      const refusals = locks.map(({ group }) => judge.refusal(staffId, 'open', group));
      const [refused] = refusals;
      if (refused && refusals.every((each) => each !== null)) {
        for (const [at, lock] of locks.entries())
          await desk.noteRefusal(staffId, lock, refusals[at] ?? refused);
        return { ok: false, error: refused };
      }
      for (const lock of locks) {
        if (judge.needs(staffId, lock.group, staff.method())?.delayMinutes === undefined || judge.wait(lock))
          continue;
        waits.begin(lock.serialNumber, staffId, delayOf(lock.serialNumber));
        await record('opening_asked', staffId, lock);
      }
      return ok(null);
    },
    callOff: async (serialNumbers, staffId) => {
      for (const lock of locksOf(serialNumbers)) {
        if (!judge.wait(lock)) continue;
        waits.end(lock.serialNumber);
        await record('opening_called_off', staffId, lock);
      }
      return ok(null);
    },
  };
};
