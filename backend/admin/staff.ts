/** The people of a store: who may sign in there, by which PIN, in which roles, from when until when. */
import { fail, ok, type Result } from '#shared/errors/app-error.ts';
import type { PinsAtRest } from '../keys/pins-at-rest.ts';
import type { Db } from '../store/database.ts';
import { changeStore, writeStore, type StoreWrite } from '../store/store-write.ts';
import { goneStaff } from '../store/tombstones.ts';
import type { PutStaff } from './contract.ts';
import type { NoteAct } from './operator-journal.ts';
import { detailsOf, isSameDetails, unsound, writePerson, type PersonRow } from './person-details.ts';
import { assignedElsewhere, holdPerson, isAssigned } from '../people/assigned.ts';
import { createPinHasher } from './pin-hash.ts';
import { makePins, outdated } from './new-pins.ts';
import { defaultShortestPin } from './weak-pin.ts';

export interface StaffAdmin {
  /**
   * Errors: `enrolment.not_found` when there is no such store, or nobody whose PIN could be kept where none is given;
   * `staff.weak_pin`; `operator.bad_value` where a role or a date says nothing in this store, and of somebody who is assigned
   * (`people`). Repeating with the same values changes
   * nothing and is not refused, so that a PIN of before goes on.
   */
  putStaff(storeId: string, staffId: string, staff: PutStaff, note: NoteAct): Promise<Result<null>>;
  /** False when there is no such person. Errors: `operator.bad_value` of one who is assigned. */
  deleteStaff(storeId: string, staffId: string, note: NoteAct): Promise<Result<boolean>>;
}

export const createStaffAdmin = (ports: {
  readonly db: Db;
  readonly tenantId: string;
  readonly pins: PinsAtRest;
  now(): number;
}): StaffAdmin => {
  const { db, tenantId } = ports;
  const hasher = createPinHasher(ports.pins);
  const heldOf = (tx: Db, storeId: string, staffId: string): Promise<PersonRow | undefined> =>
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
      const { name, pin, duressPin } = staff;
      const held = await heldOf(db, storeId, staffId);
      if (await isAssigned(db, tenantId, staffId)) return assignedElsewhere;
      if (pin === undefined && !held) return fail('enrolment.not_found');
      const store = await db
        .selectFrom('stores')
        .select('policy')
        .where('tenant_id', '=', tenantId)
        .where('store_id', '=', storeId)
        .executeTakeFirst();
      if (!store) return fail('enrolment.not_found');
      const rules = {
        shortest: store.policy.shortestPin ?? defaultShortestPin,
        thisYear: new Date(ports.now()).getUTCFullYear(),
        duress: store.policy.duressPin === true,
      };
      const pins = await makePins({ pin, duressPin }, held, rules, hasher);
      if (!pins.ok) return pins;
      const isSame = Object.keys(pins.value).length === 0 && held?.name === name;
      if (isSame && isSameDetails(detailsOf(staff, held), detailsOf({ name }, held))) return ok(null);
      const keep = async (write: StoreWrite): Promise<Result<null>> => {
        const { tx } = write;
        // Read again: hashing takes its time, and whoever has gone meanwhile stays away.
        const now = await heldOf(tx, storeId, staffId);
        if (await isAssigned(tx, tenantId, staffId)) return assignedElsewhere;
        const newPin = pins.value.pin ?? (now && JSON.stringify(now.pin));
        if ((!now && held) || newPin === undefined) return fail('enrolment.not_found');
        const late = outdated(pins.value, held, now);
        if (late) return late;
        const { rights } = await tx
          .selectFrom('stores')
          .select('rights')
          .where('tenant_id', '=', tenantId)
          .where('store_id', '=', storeId)
          .executeTakeFirstOrThrow();
        const details = detailsOf(staff, now);
        const problem = unsound(details, rights);
        if (problem) return problem;
        const person = { tenantId, storeId, staffId };
        await writePerson(write, person, name, { ...pins.value, pin: newPin }, details);
        await note(tx);
        return ok(null);
      };
      const done = await db.transaction().execute(async (tx) => {
        // Before the store, as whoever assigns them does.
        await holdPerson(tx, tenantId, staffId);
        return writeStore(tx, tenantId, storeId, keep);
      });
      return done ?? fail('enrolment.not_found');
    },

    deleteStaff: async (storeId, staffId, note) => {
      if (await isAssigned(db, tenantId, staffId)) return assignedElsewhere;
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
      return ok(done ?? false);
    },
  };
};
