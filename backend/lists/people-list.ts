/** The people of a store, in and out as a list. */
import { randomUUID } from 'node:crypto';
import { fail, ok, type Result } from '#shared/errors/app-error.ts';
import { readColumns } from '#shared/lists/columns.ts';
import type { Row } from '#shared/lists/cells.ts';
import type { Language } from '#shared/models/language.ts';
import type { StoreRights } from '#shared/rights/model.ts';
import type { NoteAct } from '../admin/operator-journal.ts';
import { writePerson, type PersonRow } from '../admin/person-details.ts';
import { createPinHasher } from '../admin/pin-hash.ts';
import { defaultShortestPin } from '../admin/weak-pin.ts';
import type { PinsAtRest } from '../keys/pins-at-rest.ts';
import { assignedOf } from '../people/assigned.ts';
import type { Db } from '../store/database.ts';
import { changeStore } from '../store/store-write.ts';
import { countPins, hashedAtOnce, judgePins, mostPins, untold } from './list-pins.ts';
import { createMatch } from './match-people.ts';
import { peopleColumns, writtenColumns, writtenOf } from './people-columns.ts';
import { planPeople, type PeoplePlan, type PersonWish } from './people-plan.ts';
import { reportOf, type Change, type Report } from './report.ts';

export interface ListOptions {
  readonly dryRun: boolean;
  readonly note: NoteAct;
}

export interface PeopleList {
  /**
   * All of it or, where anything is wrong, nothing. Errors: `enrolment.not_found` where there is no such store;
   * `operator.unreadable_list`.
   */
  take(storeId: string, rows: readonly Row[], options: ListOptions): Promise<Result<Report>>;
  /** With its headers. An empty list of a store that is not there. */
  rows(storeId: string, language: Language): Promise<readonly (readonly string[])[]>;
}

const changeOf = (wish: PersonWish, staffId: string | undefined): Change => ({
  line: wish.line,
  change: wish.held ? 'changed' : 'new',
  name: wish.name,
  employeeNumber: wish.details.employee_number,
  ...(staffId === undefined ? {} : { staffId }),
  fields: [...wish.fields],
  ...(wish.held || wish.isPinned ? {} : { withoutPin: true as const }),
});

export const createPeopleList = (ports: {
  readonly db: Db;
  readonly tenantId: string;
  readonly pins: PinsAtRest;
  now(): number;
}): PeopleList => {
  const { db, tenantId } = ports;
  const hasher = createPinHasher(ports.pins, hashedAtOnce);
  const heldOf = (tx: Db, storeId: string): Promise<PersonRow[]> =>
    tx
      .selectFrom('staff')
      .selectAll()
      .where('tenant_id', '=', tenantId)
      .where('store_id', '=', storeId)
      .where('deleted', '=', false)
      .orderBy('name')
      .orderBy('staff_id')
      .execute();
  const assignedIn = (tx: Db, held: readonly PersonRow[]) =>
    assignedOf(
      tx,
      tenantId,
      held.map(({ staff_id: staffId }) => staffId),
    );
  const storeOf = (
    tx: Db,
    storeId: string,
  ): Promise<
    | {
        rights: StoreRights | null;
        policy: { readonly shortestPin?: number; readonly duressPin?: boolean | undefined };
      }
    | undefined
  > =>
    tx
      .selectFrom('stores')
      .select(['rights', 'policy'])
      .where('tenant_id', '=', tenantId)
      .where('store_id', '=', storeId)
      .executeTakeFirst();

  return {
    take: async (storeId, rows, { dryRun, note }) => {
      const list = readColumns(rows, peopleColumns);
      if (!list.has('employeeNumber') && !list.has('id'))
        return fail('operator.unreadable_list', { problem: 'no_header', line: rows[0]?.line ?? 1 });
      if (countPins(list) > mostPins)
        return fail('operator.unreadable_list', { problem: 'too_many_pins', line: 1 });
      const store = await storeOf(db, storeId);
      if (!store) return fail('enrolment.not_found');
      const before = await heldOf(db, storeId);
      const reported = (plan: PeoplePlan, held: number, changes: readonly Change[]): Report =>
        reportOf({ ...plan, dryRun, held, changes });
      const rules = {
        hasher,
        shortest: store.policy.shortestPin ?? defaultShortestPin,
        thisYear: new Date(ports.now()).getUTCFullYear(),
        duress: store.policy.duressPin === true,
      };
      const match = createMatch(list, before);
      // Before any is hashed: how long a list takes that is refused tells nothing of PINs.
      const tried = planPeople(
        list,
        { held: before, before, rights: store.rights, assigned: await assignedIn(db, before) },
        await judgePins(list, match, { ...rules, dryRun: true }),
      );
      if (dryRun) {
        const changes = tried.wishes.map((wish) => changeOf(wish, wish.held?.staff_id));
        return ok(reported(tried, before.length, changes));
      }
      if (tried.faults.length > 0) return ok(reported(tried, before.length, []));
      const pins = await judgePins(list, match, { ...rules, dryRun });
      const done = await changeStore(db, tenantId, storeId, async (write) => {
        // Read again: hashing takes its time.
        const held = await heldOf(write.tx, storeId);
        const { rights } = (await storeOf(write.tx, storeId)) ?? store;
        const now = { held, before, rights, assigned: await assignedIn(write.tx, held) };
        const judged = planPeople(list, now, untold(pins));
        if (judged.faults.length > 0) return reported(judged, held.length, []);
        const plan = planPeople(list, now, pins);
        const changes: Change[] = [];
        for (const wish of plan.wishes) {
          const staffId = wish.held?.staff_id ?? randomUUID();
          const pin = wish.pin ?? JSON.stringify(wish.held?.pin ?? hasher.noPinYet());
          const { duressPin } = wish;
          const pins = { pin, ...(duressPin === undefined ? {} : { duressPin }) };
          await writePerson(write, { tenantId, storeId, staffId }, wish.name, pins, wish.details);
          changes.push(changeOf(wish, staffId));
        }
        await note(write.tx);
        return reported(plan, held.length, changes);
      });
      return done ? ok(done) : fail('enrolment.not_found');
    },

    rows: async (storeId, language) => [
      writtenColumns.map((column) => peopleColumns[column].headers[language]),
      ...(await heldOf(db, storeId)).map((row) => {
        const written = writtenOf(row);
        return writtenColumns.map((column) => written[column]);
      }),
    ],
  };
};
