/** What an operator sets for a store: its name and its policy. */
import type { Db } from '../store/database.ts';
import { writeStore } from '../store/store-write.ts';
import { alignStoreTrust } from '../trust/trust-store.ts';
import type { PutStore } from './contract.ts';
import type { NoteAct } from './operator-journal.ts';
import { defaultShortestPin } from './weak-pin.ts';

export interface StoreAdmin {
  /** Makes it, or changes it. */
  putStore(storeId: string, store: PutStore, note: NoteAct): Promise<void>;
}

export const createStoreAdmin = (ports: {
  readonly db: Db;
  readonly tenantId: string;
  now(): number;
}): StoreAdmin => {
  const { db, tenantId } = ports;
  return {
    putStore: async (storeId, { name, policy, language }, note) => {
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
            .select(['name', 'policy', 'language', 'version'])
            .where('tenant_id', '=', tenantId)
            .where('store_id', '=', storeId)
            .executeTakeFirstOrThrow();
          const isSame =
            held.version > 0 &&
            held.name === name &&
            (language === undefined || held.language === language) &&
            held.policy.offlineLeaseHours === policy.offlineLeaseHours &&
            held.policy.idleSignOutSeconds === policy.idleSignOutSeconds &&
            held.policy.holdOpenSeconds === policy.holdOpenSeconds &&
            (held.policy.shortestPin ?? defaultShortestPin) === policy.shortestPin;
          if (!isSame) {
            await write.tx
              .updateTable('stores')
              .set({
                name,
                policy: JSON.stringify(policy),
                ...(language === undefined ? {} : { language }),
                version: write.nextVersion(),
              })
              .where('tenant_id', '=', tenantId)
              .where('store_id', '=', storeId)
              .execute();
          }
          await alignStoreTrust(write, tenantId, storeId, ports.now());
          await note(write.tx);
        });
      });
    },
  };
};
