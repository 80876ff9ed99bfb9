/** The people of a store: who may sign in there, by which PIN, in which roles, from when until when. */
import type { Selectable } from 'kysely';
import { fail, ok, type Result } from '#shared/errors/app-error.ts';
import { givenRoles, type StoreRights } from '#shared/rights/model.ts';
import type { Db } from '../store/database.ts';
import { changeStore } from '../store/store-write.ts';
import type { Tables } from '../store/tables.ts';
import { goneStaff } from '../store/tombstones.ts';
import { badValue } from './bad-value.ts';
import type { PutStaff } from './contract.ts';
import type { NoteAct } from './operator-journal.ts';
import { createPinHasher } from './pin-hash.ts';
import { defaultShortestPin, weaknessOf } from './weak-pin.ts';

export interface StaffAdmin {
  /**
   * Errors: `enrolment.not_found` when there is no such store, or nobody whose PIN could be kept where none is given;
   * `staff.weak_pin`; `operator.bad_value` where a role or a date says nothing in this store. Repeating with the same values changes
   * nothing and is not refused, so that a PIN of before goes on.
   */
  putStaff(storeId: string, staffId: string, staff: PutStaff, note: NoteAct): Promise<Result<null>>;
  /** False when there is no such person. */
  deleteStaff(storeId: string, staffId: string, note: NoteAct): Promise<boolean>;
}

type Row = Selectable<Tables['staff']>;
type Details = Pick<Row, 'employee_number' | 'roles' | 'valid_from' | 'valid_until' | 'language'>;

const kept = <T>(given: T | null | undefined, held: T | null | undefined): T | null =>
  given === undefined ? (held ?? null) : given;

/** What is left out stays as it is. */
const detailsOf = (given: PutStaff, held: Details | undefined): Details => ({
  employee_number: kept(given.employeeNumber, held?.employee_number),
  roles: kept(given.roles, held?.roles),
  valid_from: kept(given.from, held?.valid_from),
  valid_until: kept(given.until, held?.valid_until),
  language: kept(given.language, held?.language),
});

const isSame = (a: Details, b: Details): boolean => JSON.stringify(a) === JSON.stringify(b);

/** What is wrong with them in a store of these rights; null: nothing. */
const unsound = (
  { roles, valid_from: from, valid_until: until }: Details,
  rights: StoreRights | null,
): Result<never> | null => {
  const known = new Set([...Object.keys(givenRoles), ...(rights?.roles ?? []).map(({ roleId }) => roleId)]);
  const stranger = roles?.findIndex((roleId) => !known.has(roleId)) ?? -1;
  if (stranger >= 0) return badValue(`roles.${stranger}`, 'is no role of this store');
  if (from === null && until === null) return null;
  // Whose day begins when is told by the store's time zone.
  if (!rights)
    return badValue(from === null ? 'until' : 'from', 'needs rights of the store, with its time zone');
  return from !== null && until !== null && until < from ? badValue('until', 'is before from') : null;
};

export const createStaffAdmin = (ports: {
  readonly db: Db;
  readonly tenantId: string;
  now(): number;
}): StaffAdmin => {
  const { db, tenantId } = ports;
  const hasher = createPinHasher();
  const heldOf = (tx: Db, storeId: string, staffId: string): Promise<Row | undefined> =>
    tx
      .selectFrom('staff')
      .selectAll()
      .where('tenant_id', '=', tenantId)
      .where('store_id', '=', storeId)
      .where('staff_id', '=', staffId)
      .where('deleted', '=', false)
      .executeTakeFirst();
  return {
    putStaff: async (storeId, staffId, staff, note) => {
      const { name, pin } = staff;
      const held = await heldOf(db, storeId, staffId);
      if (pin === undefined && !held) return fail('enrolment.not_found');
      const keepsPin = held && (pin === undefined || (await hasher.matches(pin, held.pin)));
      if (keepsPin && held.name === name && isSame(detailsOf(staff, held), detailsOf({ name }, held)))
        return ok(null);
      const store = await db
        .selectFrom('stores')
        .select('policy')
        .where('tenant_id', '=', tenantId)
        .where('store_id', '=', storeId)
        .executeTakeFirst();
      if (!store) return fail('enrolment.not_found');
      if (pin !== undefined) {
        const shortest = store.policy.shortestPin ?? defaultShortestPin;
        const problem = weaknessOf(pin, shortest, new Date(ports.now()).getUTCFullYear());
        if (problem !== null) return fail('staff.weak_pin', { problem, shortest });
      }
      const hash = pin === undefined ? null : JSON.stringify(await hasher.hash(pin));
      const done = await changeStore(
        db,
        tenantId,
        storeId,
        async ({ tx, nextVersion }): Promise<Result<null>> => {
          // Read again: hashing takes its time, and whoever has gone meanwhile has no PIN to keep.
          const now = await heldOf(tx, storeId, staffId);
          if (hash === null && !now) return fail('enrolment.not_found');
          const { rights } = await tx
            .selectFrom('stores')
            .select('rights')
            .where('tenant_id', '=', tenantId)
            .where('store_id', '=', storeId)
            .executeTakeFirstOrThrow();
          const details = detailsOf(staff, now);
          const problem = unsound(details, rights);
          if (problem) return problem;
          const values = {
            name,
            pin: hash ?? JSON.stringify(now?.pin),
            ...details,
            roles: details.roles === null ? null : JSON.stringify(details.roles),
            deleted: false,
            version: nextVersion(),
          };
          await tx
            .insertInto('staff')
            .values({ tenant_id: tenantId, store_id: storeId, staff_id: staffId, ...values })
            .onConflict((conflict) =>
              conflict.columns(['tenant_id', 'store_id', 'staff_id']).doUpdateSet(values),
            )
            .execute();
          await note(tx);
          return ok(null);
        },
      );
      return done ?? fail('enrolment.not_found');
    },

    deleteStaff: async (storeId, staffId, note) => {
      const done = await changeStore(db, tenantId, storeId, async ({ tx, nextVersion }) => {
        const { numUpdatedRows } = await tx
          .updateTable('staff')
          .set({ ...goneStaff, version: nextVersion() })
          .where('tenant_id', '=', tenantId)
          .where('store_id', '=', storeId)
          .where('staff_id', '=', staffId)
          .where('deleted', '=', false)
          .executeTakeFirst();
        if (numUpdatedRows === 0n) return false;
        await note(tx);
        return true;
      });
      return done ?? false;
    },
  };
};
