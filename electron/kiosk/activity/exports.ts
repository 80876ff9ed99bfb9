/**
 * Hands the journal out: as a table of what somebody looked for, or as the chain itself, signed by this kiosk. Who takes it proves once
 * more who they are, and that they took it is in the journal before they have any of it.
 */
import { fail, ok, type AppError, type Result } from '#shared/errors/app-error.ts';
import type { ActivityFilter } from '#shared/ipc/activity.ts';
import type { CallOutput } from '#shared/ipc/contract.ts';
import type { OwnProof } from '#shared/ipc/sign-in-calls.ts';
import { signedJournalText } from '#shared/journal/signed-journal.ts';
import { tableHead, tableLine } from '#shared/journal/table.ts';
import type { ExportFormat } from '#shared/models/access-event.ts';
import type { Journal } from '../journal/journal.ts';
import type { Clock } from '../platform/clock.ts';
import type { Random } from '../platform/random.ts';
import { proveOwn } from '../staff/own-proof.ts';
import { recordRefusal } from '../staff/pin-proof.ts';
import type { StaffService } from '../staff/staff-service.ts';
import type { Activity } from './activity.ts';
import { ownFileTime } from './own-file-time.ts';
import type { SignJournal } from './sign-journal.ts';
import type { JournalSource } from './walk.ts';

/** Events in one part: below a megabyte of text. */
const partEvents = 1_000;

export interface Exports {
  begin(
    staffId: string,
    request: { readonly filter: ActivityFilter; readonly format: ExportFormat; readonly proof: OwnProof },
    signal: AbortSignal,
  ): Promise<Result<CallOutput<'beginExport'>>>;
  /** `activity.export_over`: another has begun since, or it is another's, or some of it has been removed from the kiosk meanwhile. */
  part(staffId: string, exportId: string, part: number): Promise<Result<CallOutput<'exportPart'>>>;
  /** Nobody gets the rest of what was begun. */
  forget(): void;
}

export interface ExportsOptions {
  readonly activity: Pick<Activity, 'each' | 'tableRows'>;
  readonly data: JournalSource;
  readonly staff: Pick<StaffService, 'confirm' | 'isForced'>;
  readonly journal: Pick<Journal, 'record' | 'recordNow'>;
  readonly sign: SignJournal;
  readonly clock: Pick<Clock, 'now'>;
  readonly random: Random;
}

interface Begun {
  readonly exportId: string;
  readonly staffId: string;
  readonly format: ExportFormat;
  /** Oldest first. */
  readonly sequences: readonly number[];
  /** What stands before the first event, and after the last. */
  readonly start: string;
  readonly end: string;
}

const partsOf = ({ sequences }: Pick<Begun, 'sequences'>): number =>
  Math.max(1, Math.ceil(sequences.length / partEvents));

export const createExports = (options: ExportsOptions): Exports => {
  const { activity, data, staff, journal, sign, clock, random } = options;
  let begun: Begun | null = null;

  const sequencesOf = async (filter: ActivityFilter, format: ExportFormat, signal: AbortSignal) => {
    const found: number[] = [];
    await activity.each(filter, null, signal, ({ sequence }) => {
      found.push(sequence);
      return true;
    });
    const sequences = found.reverse();
    const [first, last] = [sequences[0], sequences.at(-1)];
    // A chain with gaps says nothing: what lies between belongs to it.
    return format === 'csv' || first === undefined || last === undefined
      ? sequences
      : Array.from({ length: last - first + 1 }, (_, at) => first + at);
  };

  /** Those of one part as text; null where some are not here any more. */
  const textOf = async (wanted: readonly number[], one: Begun, isFirst: boolean): Promise<string | null> => {
    const [from, last] = [wanted[0], wanted.at(-1)];
    if (from === undefined || last === undefined) return '';
    const chosen = new Set(wanted);
    if (one.format === 'csv') {
      const rows = await activity.tableRows(from, last + 1, ({ sequence }) => chosen.has(sequence));
      return rows.length === wanted.length ? rows.map(tableLine).join('') : null;
    }
    const events = await data.accessEventsBetween(from, last + 1);
    return events.length === wanted.length ? signedJournalText.events(events, isFirst) : null;
  };

  return {
    begin: async (staffId, { filter, format, proof }, signal) => {
      const proven = await proveOwn(staff, staffId, proof, 'export');
      if (!proven.ok) return proven;
      const { forced, circumstances } = proven.value;
      const sequences = await sequencesOf(filter, format, signal);
      const refuse = (error: AppError): Promise<Result<never>> =>
        recordRefusal(journal, staffId, error, { forced, purpose: 'export' });
      if (signal.aborted) return refuse({ code: 'activity.export_over', params: {} });
      const exported = { format, events: sequences.length };
      const recorded = await journal.recordNow({
        kind: 'activity_exported',
        staffId,
        exported,
        circumstances,
      });
      if (!recorded.ok) return refuse(recorded.error);
      const [first] =
        sequences.length > 0
          ? await data.accessEventsBetween(sequences[0] ?? 0, (sequences[0] ?? 0) + 1)
          : [];
      const newest = sequences.at(-1) ?? 0;
      const [last] = sequences.length > 0 ? await data.accessEventsBetween(newest, newest + 1) : [];
      const frame =
        format === 'csv'
          ? { start: tableHead, end: '' }
          : {
              start: signedJournalText.start(
                await sign({ staffId, events: sequences.length, first: first ?? null, last: last ?? null }),
              ),
              end: signedJournalText.end,
            };
      begun = { exportId: random.uuid(), staffId, format, sequences, ...frame };
      return ok({
        exportId: begun.exportId,
        fileName: `latchpoint-journal-${ownFileTime(clock.now())}.${format}`,
        parts: partsOf(begun),
        events: sequences.length,
      });
    },
    part: async (staffId, exportId, part) => {
      const one = begun;
      if (one?.exportId !== exportId || one.staffId !== staffId || part >= partsOf(one)) {
        return fail('activity.export_over');
      }
      const wanted = one.sequences.slice(part * partEvents, (part + 1) * partEvents);
      const text = await textOf(wanted, one, part === 0);
      if (text === null) {
        begun = null;
        return fail('activity.export_over');
      }
      const isLast = part === partsOf(one) - 1;
      if (isLast && begun === one) begun = null;
      return ok({ text: `${part === 0 ? one.start : ''}${text}${isLast ? one.end : ''}` });
    },
    forget: () => {
      begun = null;
    },
  };
};
