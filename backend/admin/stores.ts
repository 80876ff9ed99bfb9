/** What an operator sets for a store: its policy and its staff. */
import { fail, ok, type Result } from '#shared/errors/app-error.ts';
import type { Db, Tx } from '../store/database.ts';
import { changeStore, writeStore } from '../store/store-write.ts';
import { goneStaff } from '../store/tombstones.ts';
import { alignStoreTrust } from '../trust/trust-store.ts';
import type { PutStaff, PutStore } from './contract.ts';
import type { NoteAct } from './operator-journal.ts';
import { createPinHasher } from './pin-hash.ts';
import { defaultShortestPin, weaknessOf } from './weak-pin.ts';

export interface StoreAdmin {
  /** Makes it, or changes it. */
  putStore(storeId: string, store: PutStore, note: NoteAct): Promise<void>;
  /**
   * Errors: `enrolment.not_found` when there is no such store, or nobody whose PIN could be kept where none is given;
   * `staff.weak_pin`. Repeating with the same name and PIN changes nothing and is not refused, so that a PIN of before goes on.
   */
  putStaff(storeId: string, staffId: string, staff: PutStaff, note: NoteAct): Promise<Result<null>>;
  /** False when there is no such person. */
  deleteStaff(storeId: string, staffId: string, note: NoteAct): Promise<boolean>;
}

/** Keeps their PIN, whatever it is by now. False where they have gone meanwhile. */
const rename = async (
  tx: Tx,
  key: { readonly tenant_id: string; readonly store_id: string; readonly staff_id: string },
  values: { readonly name: string; readonly version: number },
): Promise<boolean> => {
  const { numUpdatedRows } = await tx
    .updateTable('staff')
    .set(values)
    .where('tenant_id', '=', key.tenant_id)
    .where('store_id', '=', key.store_id)
    .where('staff_id', '=', key.staff_id)
    .where('deleted', '=', false)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
};

export const createStoreAdmin = (ports: {
  readonly db: Db;
  readonly tenantId: string;
  now(): number;
}): StoreAdmin => {
  const { db, tenantId } = ports;
  const hasher = createPinHasher();
  return {
    putStore: async (storeId, { name, policy }, note) => {
      const key = { tenant_id: tenantId, store_id: storeId };
      await db.transaction().execute(async (tx) => {
        await tx
          .insertInto('stores')
          .values({ ...key, name, policy: JSON.stringify(policy), version: 0 })
          .onConflict((conflict) => conflict.doNothing())
          .execute();
        await writeStore(tx, tenantId, storeId, async (write) => {
          const held = await write.tx
            .selectFrom('stores')
            .select(['name', 'policy', 'version'])
            .where('tenant_id', '=', tenantId)
            .where('store_id', '=', storeId)
            .executeTakeFirstOrThrow();
          const isSame =
            held.version > 0 &&
            held.name === name &&
            held.policy.offlineLeaseHours === policy.offlineLeaseHours &&
            held.policy.idleSignOutSeconds === policy.idleSignOutSeconds &&
            held.policy.holdOpenSeconds === policy.holdOpenSeconds &&
            (held.policy.shortestPin ?? defaultShortestPin) === policy.shortestPin;
          if (!isSame) {
            await write.tx
              .updateTable('stores')
              .set({ name, policy: JSON.stringify(policy), version: write.nextVersion() })
              .where('tenant_id', '=', tenantId)
              .where('store_id', '=', storeId)
              .execute();
          }
          await alignStoreTrust(write, tenantId, storeId, ports.now());
          await note(write.tx);
        });
      });
    },

    putStaff: async (storeId, staffId, { name, pin }, note) => {
      const held = await db
        .selectFrom('staff')
        .select(['name', 'pin', 'deleted'])
        .where('tenant_id', '=', tenantId)
        .where('store_id', '=', storeId)
        .where('staff_id', '=', staffId)
        .executeTakeFirst();
      const present = held?.deleted === false ? held : undefined;
      if (pin === undefined && !present) return fail('enrolment.not_found');
      const isKept = present && (pin === undefined || (await hasher.matches(pin, present.pin)));
      if (isKept && present.name === name) return ok(null);
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
      const key = { tenant_id: tenantId, store_id: storeId, staff_id: staffId };
      const done = await changeStore(db, tenantId, storeId, async ({ tx, nextVersion }) => {
        if (hash === null) {
          if (!(await rename(tx, key, { name, version: nextVersion() }))) return false;
        } else {
          const values = { name, pin: hash, deleted: false, version: nextVersion() };
          await tx
            .insertInto('staff')
            .values({ ...key, ...values })
            .onConflict((conflict) =>
              conflict.columns(['tenant_id', 'store_id', 'staff_id']).doUpdateSet(values),
            )
            .execute();
        }
        await note(tx);
        return true;
      });
      return done ? ok(null) : fail('enrolment.not_found');
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
