/** What an operator sets for a store: its name and its policy. */
import { ok, type Result } from '#shared/errors/app-error.ts';
import { holdOrganisation } from '../organisation/levels.ts';
import { settleRights } from '../organisation/settle.ts';
import { allOrNothing } from '../organisation/undo.ts';
import { settlePeople } from '../people/settle-people.ts';
import type { Db } from '../store/database.ts';
import { writeStore } from '../store/store-write.ts';
import { alignStoreTrust } from '../trust/trust-store.ts';
import { badValue } from './bad-value.ts';
import type { PutStore } from './contract.ts';
import type { NoteAct } from './operator-journal.ts';
import { defaultShortestPin } from './weak-pin.ts';

export interface StoreAdmin {
  /**
   * Makes it, or changes it. Errors: `operator.bad_value` where its time zone goes while it has rights of its own, and as where
   * those are put.
   */
  putStore(storeId: string, store: PutStore, note: NoteAct): Promise<Result<null>>;
}

/** Left out, it stays as it is. */
const isKept = <T>(given: T | undefined, held: T): boolean => given === undefined || given === held;

export const createStoreAdmin = (ports: {
  readonly db: Db;
  readonly tenantId: string;
  now(): number;
}): StoreAdmin => {
  const { db, tenantId } = ports;
  return {
    putStore: (storeId, { name, policy, language, timeZone, address }, note) => {
      const key = { tenant_id: tenantId, store_id: storeId };
      return allOrNothing(db, async (tx) => {
        await holdOrganisation(tx, tenantId);
        await tx
          .insertInto('stores')
          .values({ ...key, name, policy: JSON.stringify(policy), version: 0 })
          .onConflict((conflict) => conflict.doNothing())
          .execute();
        const done = await writeStore(tx, tenantId, storeId, async (write): Promise<Result<null>> => {
          const held = await write.tx
            .selectFrom('stores')
            .select(['name', 'policy', 'language', 'version', 'own_rights', 'time_zone', 'address'])
            .where('tenant_id', '=', tenantId)
            .where('store_id', '=', storeId)
            .executeTakeFirstOrThrow();
          const isSame =
            held.version > 0 &&
            held.name === name &&
            isKept(language, held.language) &&
            held.policy.offlineLeaseHours === policy.offlineLeaseHours &&
            held.policy.idleSignOutSeconds === policy.idleSignOutSeconds &&
            held.policy.holdOpenSeconds === policy.holdOpenSeconds &&
            held.policy.customerWaitsMinutes === policy.customerWaitsMinutes &&
            (held.policy.duressPin ?? false) === (policy.duressPin ?? false) &&
            (held.policy.shortestPin ?? defaultShortestPin) === policy.shortestPin;
          if (timeZone === null && held.own_rights)
            return badValue('timeZone', 'is needed by the rights of the store');
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
          // Of no use to kiosks but by what the rights come to.
          if (!isKept(timeZone, held.time_zone) || !isKept(address, held.address)) {
            const own = held.own_rights && timeZone ? { ...held.own_rights, timeZone } : held.own_rights;
            await write.tx
              .updateTable('stores')
              .set({
                own_rights: own && JSON.stringify(own),
                ...(timeZone === undefined ? {} : { time_zone: timeZone }),
                ...(address === undefined ? {} : { address }),
              })
              .where('tenant_id', '=', tenantId)
              .where('store_id', '=', storeId)
              .execute();
          }
          await settlePeople(write, tenantId, storeId);
          const settled = await settleRights(write, tenantId, storeId);
          if (!settled.ok) return settled;
          await alignStoreTrust(write, tenantId, storeId, ports.now());
          await note(write.tx);
          return ok(null);
        });
        return done ?? ok(null);
      });
    },
  };
};
