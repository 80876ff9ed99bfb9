/** The locks of a store, as a list: what each is called, and in which group it is. */
import { fail, ok, type Result } from '#shared/errors/app-error.ts';
import { isEmptyCell, shownCell, type Row } from '#shared/lists/cells.ts';
import { readColumns, type Column, type FaultAt, type Line, type ReadList } from '#shared/lists/columns.ts';
import { cellFault, type CellFault } from '#shared/lists/faults.ts';
import { takeSerial } from '#shared/lists/serials.ts';
import { takeText } from '#shared/lists/take.ts';
import type { Language } from '#shared/models/language.ts';
import { putLockSchema } from '../admin/contract.ts';
import { nameLock } from '../places/name-lock.ts';
import type { Db } from '../store/database.ts';
import type { LockName } from '../store/lock-row.ts';
import { changeStore } from '../store/store-write.ts';
import { takenAway } from './people-columns.ts';
import type { ListOptions } from './people-list.ts';
import { faultAt, reportOf, type Change, type Report } from './report.ts';

const lockColumns = {
  serialNumber: {
    headers: { en: 'Serial number', fr: 'Numéro de série', de: 'Seriennummer', es: 'Número de serie' },
    also: ['serial', 'serial no', 'n° de série', 'Serien-Nr.', 'nº de serie'],
  },
  name: {
    headers: { en: 'Name', fr: 'Nom', de: 'Name', es: 'Nombre' },
    also: ['lock', 'serrure', 'Schloss', 'cerradura', 'place', 'emplacement', 'Platz', 'lugar'],
  },
  group: { headers: { en: 'Group', fr: 'Groupe', de: 'Gruppe', es: 'Grupo' }, also: [] },
} as const satisfies Record<string, Column>;
type LockColumn = keyof typeof lockColumns;
const named = ['name', 'group'] as const;

export interface LockList {
  /** As a list of people is taken. */
  take(storeId: string, rows: readonly Row[], options: ListOptions): Promise<Result<Report>>;
  rows(storeId: string, language: Language): Promise<readonly (readonly string[])[]>;
}

interface Held extends LockName {
  readonly serialNumber: string;
}
interface LockPlan {
  readonly wishes: readonly { readonly line: number; readonly lock: Held; readonly fields: string[] }[];
  readonly faults: readonly FaultAt[];
  readonly unchanged: number;
  readonly met: number;
}

const planLocks = (list: ReadList<LockColumn>, held: readonly Held[]): LockPlan => {
  const bySerial = new Map(held.map((lock) => [lock.serialNumber, lock]));
  const known = new Set(bySerial.keys());
  const lineOf = new Map<string, number>();
  const faults: FaultAt[] = [...list.faults];
  const wishes: LockPlan['wishes'][number][] = [];
  let unchanged = 0;

  const plan = (line: Line<LockColumn>): void => {
    const refuse = (column: LockColumn, fault: CellFault): void => {
      const cell = line.cell(column);
      faults.push(faultAt(line.line, list.header(column), cell ? shownCell(cell) : null, fault));
    };
    const cell = line.cell('serialNumber');
    if (!cell || isEmptyCell(cell)) {
      refuse('serialNumber', cellFault('missing', 'is needed: locks are told apart by it'));
      return;
    }
    const serial = takeSerial(cell, known);
    if (!serial.ok) {
      refuse('serialNumber', serial.fault);
      return;
    }
    const lock = bySerial.get(serial.value);
    if (!lock) return;
    const before = lineOf.get(serial.value);
    if (before !== undefined) {
      refuse('serialNumber', cellFault('twice', `stands in line ${before} already`));
      return;
    }
    lineOf.set(serial.value, line.line);
    const next = { name: lock.name, group: lock.group };
    let isRight = true;
    for (const column of named) {
      const given = line.cell(column);
      // What is held as it stands there is taken as it is, whatever it looks like.
      if (!given || shownCell(given) === lock[column]) continue;
      const text = takeText(given);
      if (!text.ok) {
        refuse(column, text.fault);
        isRight = false;
      } else if (text.value !== '')
        next[column] = column === 'group' && text.value === takenAway ? '' : text.value;
    }
    const checked = putLockSchema.safeParse(next);
    const issue = checked.error?.issues[0];
    if (issue)
      refuse(
        issue.path[0] === 'group' ? 'group' : 'name',
        cellFault('not_taken', `cannot be taken: ${issue.message}`),
      );
    if (issue || !isRight) return;
    const fields = named.filter((column) => next[column] !== lock[column]);
    if (fields.length === 0) unchanged += 1;
    else wishes.push({ line: line.line, lock: { ...lock, ...next }, fields });
  };
  for (const line of list.lines) plan(line);
  return { wishes, faults, unchanged, met: lineOf.size };
};

const changeOf = ({ line, lock, fields }: LockPlan['wishes'][number]): Change => ({
  line,
  change: 'changed',
  name: lock.name,
  serialNumber: lock.serialNumber,
  fields: [...fields],
});

export const createLockList = (ports: {
  readonly db: Db;
  readonly tenantId: string;
  now(): number;
}): LockList => {
  const { db, tenantId } = ports;
  const heldOf = (tx: Db, storeId: string): Promise<Held[]> =>
    tx
      .selectFrom('locks')
      .select(['serial_number as serialNumber', 'name', 'group_name as group'])
      .where('tenant_id', '=', tenantId)
      .where('store_id', '=', storeId)
      .where('deleted', '=', false)
      .orderBy('serial_number')
      .execute();
  return {
    take: async (storeId, rows, { dryRun, note }) => {
      const list = readColumns(rows, lockColumns);
      if (!list.has('serialNumber'))
        return fail('operator.unreadable_list', { problem: 'no_header', line: rows[0]?.line ?? 1 });
      const done = await changeStore(db, tenantId, storeId, async (write) => {
        const held = await heldOf(write.tx, storeId);
        const plan = planLocks(list, held);
        const isDone = !dryRun && plan.faults.length === 0;
        const changes = dryRun || isDone ? plan.wishes.map(changeOf) : [];
        if (isDone) {
          for (const { lock } of plan.wishes)
            await nameLock(write, { tenantId, storeId, serialNumber: lock.serialNumber }, lock, ports.now());
          await note(write.tx);
        }
        return reportOf({ ...plan, dryRun, held: held.length, changes });
      });
      return done ? ok(done) : fail('enrolment.not_found');
    },
    rows: async (storeId, language) => [
      Object.values(lockColumns).map(({ headers }) => headers[language]),
      ...(await heldOf(db, storeId)).map(({ serialNumber, name, group }) => [serialNumber, name, group]),
    ],
  };
};
