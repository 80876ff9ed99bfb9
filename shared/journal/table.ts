/** Access events as a table for a spreadsheet: the same columns from a kiosk and from the backend (docs/journal-format.md). */
import type { AccessEvent } from '../models/access-event.ts';
import type { EventTime } from '../models/event-time.ts';
import { csvLine, csvStart, csvIdentifier, csvText } from './csv.ts';

/** An event with what is not in it. Names are as they are now; null: not known any more, or not known here. */
export interface TableRow {
  readonly event: AccessEvent;
  readonly time: EventTime;
  /** Wall time less time, in ms, at that time; null: the store's clock is not known. */
  readonly offsetMs: number | null;
  readonly person: string | null;
  readonly approver: string | null;
  readonly lock: string | null;
  readonly group: string | null;
  readonly reason: string | null;
  /** Whether the back office has it. */
  readonly isHeld: boolean;
}

type Cell = (row: TableRow) => string;
type Columns = readonly (readonly [string, Cell])[];
const yesNo = (is: boolean): string => (is ? 'yes' : 'no');
const iso = (at: number): string => new Date(Math.max(0, Math.round(at))).toISOString();

/** In the order in which they stand. A column that is added is added at the end. */
const columns: Columns = [
  // To the second, in the one form that spreadsheets of every language read as a time.
  [
    'store_time',
    ({ time, offsetMs }) =>
      offsetMs === null
        ? ''
        : iso(time.at + offsetMs)
            .slice(0, 19)
            .replace('T', ' '),
  ],
  ['utc_time', ({ time }) => iso(time.at)],
  ['time_basis', ({ time }) => time.basis],
  ['event', ({ event }) => event.kind],
  ['code', ({ event }) => event.errorCode ?? ''],
  ['person', ({ person }) => csvText(person)],
  ['method', ({ event }) => event.method ?? ''],
  ['approver', ({ approver }) => csvText(approver)],
  ['approver_method', ({ event }) => event.approver?.method ?? ''],
  ['lock', ({ lock }) => csvText(lock)],
  ['serial_number', ({ event }) => csvIdentifier(event.serialNumber ?? '')],
  ['group', ({ group }) => csvText(group)],
  ['reason', ({ reason, event }) => csvText(reason ?? event.reason?.code ?? null)],
  ['reason_number', ({ event }) => csvIdentifier(event.reason?.number ?? '')],
  ['waited_seconds', ({ event }) => String(event.waited?.seconds ?? '')],
  ['offline', ({ event }) => yesNo(event.offline)],
  [
    'took_ms',
    ({ event }) => {
      const stages = Object.values(event.stageMs);
      return stages.length === 0 ? '' : String(stages.reduce((sum, ms) => sum + ms, 0));
    },
  ],
  ['back_office_has_it', ({ isHeld }) => yesNo(isHeld)],
  ['sequence', ({ event }) => String(event.sequence)],
  ['event_id', ({ event }) => event.eventId],
  ['kiosk_id', ({ event }) => event.kioskId],
  ['person_id', ({ event }) => event.staffId ?? ''],
  ['approver_id', ({ event }) => event.approver?.staffId ?? ''],
  ['hash', ({ event }) => csvIdentifier(event.hash)],
  ['served_seconds', ({ event }) => String(event.served?.seconds ?? '')],
  ['alarm', ({ event }) => event.alarm ?? ''],
  ['heard_locked', ({ event }) => String(event.sweep?.heardLocked ?? '')],
  ['seen_locked', ({ event }) => String(event.sweep?.seenLocked ?? '')],
  ['not_locked', ({ event }) => String(event.sweep?.notLocked ?? '')],
  ['not_locked_serial_numbers', ({ event }) => csvIdentifier(event.sweep?.serialNumbers.join(' ') ?? '')],
  [
    'battery_percents',
    ({ event }) =>
      csvText(
        event.batteries?.map(({ serialNumber, percent }) => `${serialNumber}:${percent}`).join(' ') ?? null,
      ),
  ],
  ['batteries_changed', ({ event }) => csvIdentifier(event.round?.changed.join(' ') ?? '')],
  ['batteries_left', ({ event }) => csvIdentifier(event.round?.serialNumbers.join(' ') ?? '')],
  ['heard_open', ({ event }) => String(event.sweep?.heardOpen ?? '')],
  ['purpose', ({ event }) => event.purpose ?? ''],
];

const tableOf = (of: Columns) => ({
  /** The file's beginning: its mark and the names of its columns. */
  head: csvStart + csvLine(of.map(([name]) => name)),
  line: (row: TableRow): string => csvLine(of.map(([, cell]) => cell(row))),
});

export const { head: tableHead, line: tableLine } = tableOf(columns);

/** What no kiosk shows comes last: whose duress PIN it was. */
export const backOfficeTable = tableOf([
  ...columns,
  [
    'duress',
    ({ event: { duress, approver } }) =>
      [duress ? 'person' : '', approver?.duress ? 'approver' : ''].filter((who) => who !== '').join(' '),
  ],
]);
