/**
 * The locks of the store as a list for a spreadsheet, with what was last heard of each, offline as online. Who takes it proves once more
 * who they are, and that they took it is in the journal before they have it.
 */
import type { Observable } from 'rxjs';
import { ok, type AppError, type Result } from '#shared/errors/app-error.ts';
import type { CallInput, CallOutput } from '#shared/ipc/contract.ts';
import { writeCsv } from '#shared/lists/csv.ts';
import { lockColumns } from '#shared/lists/lock-columns.ts';
import type { WrittenRow } from '#shared/lists/written.ts';
import { compareNames, type Language } from '#shared/models/language.ts';
import { ownFileTime } from '../activity/own-file-time.ts';
import { storeOffsets } from '../activity/store-day.ts';
import type { BatteryRounds } from '../jobs/battery-rounds.ts';
import type { Journal } from '../journal/journal.ts';
import type { Clock } from '../platform/clock.ts';
import type { Judge } from '../staff/judge.ts';
import { proveOwn } from '../staff/own-proof.ts';
import { recordRefusal } from '../staff/pin-proof.ts';
import type { StaffService } from '../staff/staff-service.ts';
import type { StoreLock, StoreLocks } from '../visit/store-locks.ts';
import { writeWorkbook } from './workbook.ts';

export interface LockExport {
  /**
   * `there`: aborted once that person is not signed in any more, or nobody hears the answer; from then on nothing comes of it. Errors:
   * those of a proof; `staff.not_signed_in`; `rights.*` where they may not any more.
   */
  take(
    staffId: string,
    wanted: CallInput<'exportLocks'>,
    there: AbortSignal,
  ): Promise<Result<CallOutput<'exportLocks'>>>;
  dispose(): void;
}

export interface LockExportOptions {
  readonly storeLocks$: Observable<StoreLocks>;
  /** What was last heard of a lock's battery. */
  readonly batteries: Pick<BatteryRounds, 'heardOf'>;
  readonly staff: Pick<StaffService, 'confirm' | 'isForced'>;
  readonly judge: Pick<Judge, 'refusal' | 'timeZone'>;
  readonly journal: Pick<Journal, 'record' | 'recordNow'>;
  readonly clock: Pick<Clock, 'now'>;
}

/** By group, then by name, as people read them. */
const inOrder =
  (language: Language) =>
  (a: StoreLock, b: StoreLock): number =>
    compareNames(language, a.group, b.group) ||
    compareNames(language, a.name, b.name) ||
    (a.serialNumber < b.serialNumber ? -1 : 1);

export const createLockExport = (options: LockExportOptions): LockExport => {
  const { storeLocks$, batteries, staff, judge, journal, clock } = options;
  let locks: StoreLocks = new Map();
  const store = storeLocks$.subscribe((now) => (locks = now));

  const rowsIn = (language: Language): WrittenRow[] => {
    const offsetAt = storeOffsets(judge.timeZone());
    return [
      Object.values(lockColumns).map(({ headers }) => headers[language]),
      ...[...locks.values()].toSorted(inOrder(language)).map((lock): WrittenRow => {
        const { serialNumber, name, group, place } = lock;
        const heard = batteries.heardOf(serialNumber);
        const battery = heard?.percent ?? '';
        const lastHeard = heard ? { wallMs: heard.at + offsetAt(heard.at) } : '';
        return [serialNumber, name, group, place ?? '', battery, lastHeard];
      }),
    ];
  };

  return {
    take: async (staffId, { format, language, proof }, there) => {
      const proven = await proveOwn(staff, staffId, proof, 'export');
      if (!proven.ok) return proven;
      const { forced, circumstances } = proven.value;
      const asked = { forced, purpose: 'export' as const };
      const refused: AppError | null = there.aborted
        ? { code: 'staff.not_signed_in', params: {} }
        : judge.refusal(staffId, 'export', null);
      if (refused) return recordRefusal(journal, staffId, refused, asked);
      const rows = rowsIn(language);
      const bytes =
        format === 'csv' ? Buffer.from(writeCsv(rows)) : Buffer.from(await writeWorkbook('locks', rows));
      const lockList = { format, locks: rows.length - 1 };
      const recorded = await journal.recordNow({ kind: 'locks_exported', staffId, lockList, circumstances });
      if (!recorded.ok) return recordRefusal(journal, staffId, recorded.error, asked);
      const now = clock.now();
      const fileName = `latchpoint-locks-${ownFileTime(now + storeOffsets(judge.timeZone())(now))}.${format}`;
      return ok({ fileName, locks: lockList.locks, file: bytes.toString('base64') });
    },
    dispose: () => store.unsubscribe(),
  };
};
