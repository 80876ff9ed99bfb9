/** The people of the organisation: who they are, and where they are assigned. */
import { z } from 'zod';
import { fail, ok, type Result } from '#shared/errors/app-error.ts';
import { languageSchema } from '#shared/models/language.ts';
import { uuidSchema } from '#shared/models/primitives.ts';
import { badValue } from '../admin/bad-value.ts';
import { putStaffSchema } from '../admin/contract.ts';
import { makePins } from '../admin/new-pins.ts';
import type { NoteAct } from '../admin/operator-journal.ts';
import { createPinHasher } from '../admin/pin-hash.ts';
import { defaultShortestPin } from '../admin/weak-pin.ts';
import type { PinAtRest, PinsAtRest } from '../keys/pins-at-rest.ts';
import { holdOrganisation } from '../organisation/levels.ts';
import { allOrNothing } from '../organisation/undo.ts';
import type { Logger } from '../platform/ports.ts';
import type { Db, Tx } from '../store/database.ts';
import { goneStaff } from '../store/tombstones.ts';
import { holdPerson } from './assigned.ts';
import { assignmentsSchema, reaches } from './assignments.ts';
import { problemOf } from './check-assignments.ts';
import { badgesOfAll, isSamePerson } from './person-values.ts';
import { settleChanged } from './settle-people.ts';

export const putPersonSchema = putStaffSchema
  .pick({ name: true, pin: true, duressPin: true, employeeNumber: true, language: true })
  .extend({ assignments: assignmentsSchema });
type PutPerson = z.infer<typeof putPersonSchema>;
const severalPins = badValue('pin', 'is needed: in several stores they have one of their own');

/** Nothing of their PINs and badges. */
export const peopleAnswerSchema = z.strictObject({
  people: z.array(
    z.strictObject({
      staffId: uuidSchema,
      name: z.string(),
      employeeNumber: z.string().optional(),
      language: languageSchema.optional(),
      assignments: assignmentsSchema,
      /** Which these reach. */
      stores: z.array(uuidSchema),
    }),
  ),
});
type PeopleAnswer = z.infer<typeof peopleAnswerSchema>;

export interface PeopleAdmin {
  list(): Promise<PeopleAnswer>;
  /**
   * Makes or changes somebody, and has every store follow. Whoever was put in stores by this id is the same person: from then on they are
   * where they are assigned, and nowhere else. Errors: `enrolment.not_found` of somebody new without a PIN; `staff.weak_pin`;
   * `operator.bad_value`.
   */
  put(staffId: string, person: PutPerson, note: NoteAct): Promise<Result<null>>;
  /** From everywhere: nothing is left of them but their id. False where there is nobody of this id. */
  erase(staffId: string, note: NoteAct): Promise<boolean>;
}

export const createPeopleAdmin = (ports: {
  readonly db: Db;
  readonly tenantId: string;
  readonly logger: Logger;
  readonly pins: PinsAtRest;
  now(): number;
}): PeopleAdmin => {
  const { db, tenantId } = ports;
  const hasher = createPinHasher(ports.pins);
  /** One that a release before has left in the open is not handed on as that. */
  const sealed = (pin: PinAtRest): string => JSON.stringify('sealed' in pin ? pin : ports.pins.seal(pin));
  const storesOf = (tx: Db) =>
    tx
      .selectFrom('stores')
      .select(['store_id as storeId', 'district_id as districtId', 'policy'])
      .where('tenant_id', '=', tenantId)
      .orderBy('store_id')
      .execute();
  const personOf = (tx: Db, staffId: string) =>
    tx
      .selectFrom('people')
      .selectAll()
      .where('tenant_id', '=', tenantId)
      .where('staff_id', '=', staffId)
      .where('gone', '=', false)
      .executeTakeFirst();
  /** Of somebody who is of stores alone; nothing of one who was erased and whose stores have not followed yet. */
  const rowsOf = (tx: Db, staffId: string) =>
    tx
      .selectFrom('staff')
      .selectAll()
      .where('tenant_id', '=', tenantId)
      .where('staff_id', '=', staffId)
      .where('deleted', '=', false)
      .where('person_revision', 'is', null)
      .orderBy('store_id')
      .execute();
  /** Their stores do nothing with their badges meanwhile. */
  const holdStoresOf = (tx: Tx, staffId: string) =>
    tx
      .selectFrom('stores')
      .select('store_id')
      .where('tenant_id', '=', tenantId)
      .where('store_id', 'in', (of) =>
        of
          .selectFrom('staff')
          .select('store_id')
          .where('tenant_id', '=', tenantId)
          .where('staff_id', '=', staffId)
          .where('deleted', '=', false),
      )
      .orderBy('store_id')
      .forUpdate()
      .execute();

  return {
    list: async () => {
      const stores = await storesOf(db);
      const people = await db
        .selectFrom('people')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .where('gone', '=', false)
        .orderBy('name')
        .orderBy('staff_id')
        .execute();
      return {
        people: people.map((row) => ({
          staffId: row.staff_id,
          name: row.name,
          ...(row.employee_number === null ? {} : { employeeNumber: row.employee_number }),
          ...(row.language === null ? {} : { language: row.language }),
          assignments: row.assignments,
          stores: stores
            .filter((store) => row.assignments.some((each) => reaches(each, store)))
            .map(({ storeId }) => storeId),
        })),
      };
    },

    put: async (staffId, given, note) => {
      const held = await personOf(db, staffId);
      const rows = held ? [] : await rowsOf(db, staffId);
      const [only, ...others] = rows;
      if (given.pin === undefined && others.length > 0) return severalPins;
      const before = held ?? only;
      if (given.pin === undefined && !before) return fail('enrolment.not_found');
      const reached = (await storesOf(db)).filter((store) =>
        given.assignments.some((each) => reaches(each, store)),
      );
      const pins = await makePins(
        given,
        before,
        {
          shortest: Math.max(
            ...reached.map(({ policy }) => policy.shortestPin ?? defaultShortestPin),
            ...(reached.length === 0 ? [defaultShortestPin] : []),
          ),
          thisYear: new Date(ports.now()).getUTCFullYear(),
          duress: reached.some(({ policy }) => policy.duressPin === true),
        },
        hasher,
      );
      if (!pins.ok) return pins;
      const done = await allOrNothing(db, async (tx): Promise<Result<null>> => {
        await holdOrganisation(tx, tenantId);
        const problem = await problemOf(tx, tenantId, given.assignments);
        if (problem) return problem;
        await holdPerson(tx, tenantId, staffId);
        if (!held) await holdStoresOf(tx, staffId);
        // Read again: hashing takes its time, and a badge may have been given or blocked meanwhile.
        const now = await tx
          .selectFrom('people')
          .selectAll()
          .where('tenant_id', '=', tenantId)
          .where('staff_id', '=', staffId)
          .forUpdate()
          .executeTakeFirst();
        const theirs = now?.gone === false ? [] : await rowsOf(tx, staffId);
        if (given.pin === undefined && theirs.length > 1) return severalPins;
        const was = now?.gone === false ? now : theirs[0];
        const kept = <T>(next: T | null | undefined, present: T | null | undefined): T | null =>
          next === undefined ? (present ?? null) : next;
        const pin = pins.value.pin ?? (was ? sealed(was.pin) : undefined);
        if (pin === undefined) return fail('enrolment.not_found');
        const duressPin =
          pins.value.duressPin === undefined
            ? was?.duress_pin
              ? sealed(was.duress_pin)
              : null
            : pins.value.duressPin;
        const values = {
          name: given.name,
          pin,
          duress_pin: duressPin,
          ...badgesOfAll(was && theirs.length === 0 ? [was] : theirs),
          employee_number: kept(given.employeeNumber, was?.employee_number),
          language: kept(given.language, was?.language),
          assignments: JSON.stringify(given.assignments),
          revision: (now?.revision ?? 0) + 1,
          gone: false,
        };
        // Said once more it changes nothing, and no kiosk is told.
        if (now?.gone === false && isSamePerson(now, values)) return ok(null);
        await tx
          .insertInto('people')
          .values({ tenant_id: tenantId, staff_id: staffId, ...values })
          .onConflict((conflict) => conflict.columns(['tenant_id', 'staff_id']).doUpdateSet(values))
          .execute();
        await note(tx);
        return ok(null);
      });
      if (done.ok) await settleChanged(ports);
      return done;
    },

    erase: async (staffId, note) => {
      const found = await db.transaction().execute(async (tx) => {
        const { name, pin, duress_pin, badges, badges_blocked_at, employee_number, language } = goneStaff;
        const { numUpdatedRows } = await tx
          .updateTable('people')
          .set((row) => ({
            ...{ name, pin, duress_pin, badges, badges_blocked_at, employee_number, language },
            ...{ assignments: '[]', gone: true, revision: row('revision', '+', 1) },
          }))
          .where('tenant_id', '=', tenantId)
          .where('staff_id', '=', staffId)
          .where('gone', '=', false)
          .executeTakeFirst();
        if (numUpdatedRows > 0n) await note(tx);
        return numUpdatedRows > 0n;
      });
      if (found) await settleChanged(ports);
      return found;
    },
  };
};
