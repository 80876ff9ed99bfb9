/** What an operator sets for a store: its policy and its staff. */
import { fail, ok, type Result } from '#shared/errors/app-error.ts';
import type { Db } from '../store/database.ts';
import { changeStore, writeStore } from '../store/store-write.ts';
import { goneStaff } from '../store/tombstones.ts';
import { alignStoreTrust } from '../trust/trust-store.ts';
import type { PutStore } from './contract.ts';
import type { NoteAct } from './operator-journal.ts';
import { createPinHasher } from './pin-hash.ts';
import { defaultShortestPin, weaknessOf } from './weak-pin.ts';

export interface StoreAdmin {
  /** Makes it, or changes it. */
  putStore(storeId: string, store: PutStore, note: NoteAct): Promise<void>;
  /**
   * Errors: `enrolment.not_found` when there is no such store, `staff.weak_pin`. Repeating with the same name and PIN changes
   * nothing and is not refused, so that a PIN of before goes on.
   */
  putStaff(
    storeId: string,
    staffId: string,
    staff: { name: string; pin: string },
    note: NoteAct,
  ): Promise<Result<null>>;
  /** False when there is no such person. */
  deleteStaff(storeId: string, staffId: string, note: NoteAct): Promise<boolean>;
}

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
      if (held?.deleted === false && held.name === name && (await hasher.matches(pin, held.pin))) {
        return ok(null);
      }
      const store = await db
        .selectFrom('stores')
        .select('policy')
        .where('tenant_id', '=', tenantId)
        .where('store_id', '=', storeId)
        .executeTakeFirst();
      if (!store) return fail('enrolment.not_found');
      const shortest = store.policy.shortestPin ?? defaultShortestPin;
      const problem = weaknessOf(pin, shortest, new Date(ports.now()).getUTCFullYear());
      if (problem !== null) return fail('staff.weak_pin', { problem, shortest });
      const hash = JSON.stringify(await hasher.hash(pin));
      const done = await changeStore(db, tenantId, storeId, async ({ tx, nextVersion }) => {
        const values = { name, pin: hash, deleted: false, version: nextVersion() };
        await tx
          .insertInto('staff')
          .values({ tenant_id: tenantId, store_id: storeId, staff_id: staffId, ...values })
          .onConflict((conflict) =>
            conflict.columns(['tenant_id', 'store_id', 'staff_id']).doUpdateSet(values),
          )
          .execute();
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
