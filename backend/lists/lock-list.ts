/** The locks of a store, as a list: what each is called, in which group and which place it is. */
import { fail, ok, type Result } from '#shared/errors/app-error.ts';
import { valueProblem } from '#shared/errors/value-problem.ts';
import { shownCell, type Row } from '#shared/lists/cells.ts';
import { readColumns, type FaultAt, type Line, type ReadList } from '#shared/lists/columns.ts';
import { cellFault, type CellFault } from '#shared/lists/faults.ts';
import { lockColumns, type LockColumn } from '#shared/lists/lock-columns.ts';
import { takeText } from '#shared/lists/take.ts';
import type { Language } from '#shared/models/language.ts';
import { putLockSchema } from '../admin/contract.ts';
import { nameLock } from '../places/name-lock.ts';
import type { Db } from '../store/database.ts';
import { changeStore } from '../store/store-write.ts';
import { matchLock, type HeldLock } from './match-locks.ts';
import { isNothing, takenAway } from './people-columns.ts';
import type { ListOptions } from './people-list.ts';
import { faultAt, reportOf, type Change, type Report } from './report.ts';

const named = ['name', 'group'] as const;
/** What a kiosk writes besides, of the battery and when a lock was last heard, is passed over: locks say that themselves. */
const writtenColumns = ['serialNumber', ...named, 'place'] as const;

export interface LockList {
  /** As a list of people is taken. */
  take(storeId: string, rows: readonly Row[], options: ListOptions): Promise<Result<Report>>;
  rows(storeId: string, language: Language): Promise<readonly (readonly string[])[]>;
}

interface LockPlan {
  readonly wishes: readonly { readonly line: number; readonly lock: HeldLock; readonly fields: string[] }[];
  readonly faults: readonly FaultAt[];
  readonly unchanged: number;
  readonly met: number;
}

const planLocks = (list: ReadList<LockColumn>, held: readonly HeldLock[]): LockPlan => {
  const bySerial = new Map(held.map((lock) => [lock.serialNumber, lock]));
  const byPlace = new Map(held.flatMap((lock) => (lock.place === null ? [] : [[lock.place, lock] as const])));
  const lineOf = new Map<string, number>();
  const faults: FaultAt[] = [...list.faults];
  const wishes: LockPlan['wishes'][number][] = [];
  let unchanged = 0;

  const plan = (line: Line<LockColumn>): void => {
    const refuse = (column: LockColumn, fault: CellFault): void => {
      const cell = line.cell(column);
      faults.push(faultAt(line.line, list.header(column), cell ? shownCell(cell) : null, fault));
    };
    const meant = matchLock(line, bySerial, byPlace);
    if ('fault' in meant) {
      refuse(meant.column, meant.fault);
      return;
    }
    const { lock } = meant;
    const before = lineOf.get(lock.serialNumber);
    if (before !== undefined) {
      refuse(meant.column, cellFault('twice', `stands in line ${before} already`));
      return;
    }
    lineOf.set(lock.serialNumber, line.line);
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
      } else if (column === 'name' && isNothing(text.value)) {
        refuse(column, cellFault('not_taken', 'is no name. An empty cell leaves the name as it is'));
        isRight = false;
      } else if (text.value !== '')
        next[column] = column === 'group' && text.value === takenAway ? '' : text.value;
    }
    const checked = putLockSchema.safeParse(next, { error: valueProblem });
    const issue = checked.error?.issues[0];
    if (issue) refuse(issue.path[0] === 'group' ? 'group' : 'name', cellFault('not_taken', issue.message));
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
  const heldOf = (tx: Db, storeId: string): Promise<HeldLock[]> =>
    tx
      .selectFrom('locks')
      .select(['serial_number as serialNumber', 'name', 'group_name as group', 'place_id as place'])
      .where('tenant_id', '=', tenantId)
      .where('store_id', '=', storeId)
      .where('deleted', '=', false)
      .orderBy('serial_number')
      .execute();
  return {
    take: async (storeId, rows, { dryRun, note }) => {
      const list = readColumns(rows, lockColumns);
      if (!list.has('serialNumber') && !list.has('place'))
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
      writtenColumns.map((column) => lockColumns[column].headers[language]),
      ...(await heldOf(db, storeId)).map((lock) => writtenColumns.map((column) => lock[column] ?? '')),
    ],
  };
};
