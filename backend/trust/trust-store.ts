/** Intermediates in the database: kept for the tenant, handed to every store, taken back when they have lapsed. */
import type { Db } from '../store/database.ts';
import { changeStore, type StoreWrite } from '../store/store-write.ts';
import { storesOf } from '../store/stores.ts';
import type { Intermediate } from '../store/trust-tables.ts';
import { goneIntermediate } from '../store/tombstones.ts';
import { alignStoreRevocations } from './revocations.ts';

/** Notes what the vendor gave as the current one; repeating is harmless. */
export const keepIntermediate = async (
  db: Db,
  tenantId: string,
  intermediate: Intermediate,
  now: number,
): Promise<void> => {
  await db
    .insertInto('intermediates')
    .values({ tenant_id: tenantId, ...intermediate, delivered_at: now })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'trust_id']).doUpdateSet({ delivered_at: now }))
    .execute();
};

/** The newest first: the one that the vendor last gave as the current one. */
const intermediates = (db: Db, tenantId: string): Promise<Intermediate[]> =>
  db
    .selectFrom('intermediates')
    .select(['trust_id', 'owner', 'certificate', 'not_before', 'not_after'])
    .where('tenant_id', '=', tenantId)
    .orderBy('delivered_at', 'desc')
    .orderBy('not_after', 'desc')
    .execute();

export const newestIntermediate = async (db: Db, tenantId: string): Promise<Intermediate | undefined> =>
  (await intermediates(db, tenantId))[0];

/**
 * Which intermediates a store should hold: the newest even if it has lapsed, so that a kiosk can say since when, and older
 * ones until they lapse. An older one that would outlive the newest was replaced by the vendor on purpose, so it goes.
 */
export const wantedIntermediates = (newestFirst: readonly Intermediate[], now: number): Intermediate[] => {
  const [newest, ...older] = newestFirst;
  if (!newest) return [];
  return [newest, ...older.filter((each) => each.not_after > now && each.not_after <= newest.not_after)];
};

/**
 * Brings a store's `trust` rows in line with `wantedIntermediates` and the newest revocation list; an intermediate that is not
 * wanted becomes a tombstone.
 */
export const alignStoreTrust = async (
  write: StoreWrite,
  tenantId: string,
  storeId: string,
  now: number,
): Promise<void> => {
  await alignStoreRevocations(write, tenantId, storeId);
  const { tx, nextVersion } = write;
  const wanted = wantedIntermediates(await intermediates(tx, tenantId), now);
  const rows = await tx
    .selectFrom('trust')
    .select(['trust_id', 'deleted'])
    .where('tenant_id', '=', tenantId)
    .where('store_id', '=', storeId)
    .where('kind', '=', 'intermediate')
    .execute();
  for (const intermediate of wanted) {
    const row = rows.find((each) => each.trust_id === intermediate.trust_id);
    if (row && !row.deleted) continue;
    const values = { ...intermediate, deleted: false, version: nextVersion() };
    await tx
      .insertInto('trust')
      .values({ tenant_id: tenantId, store_id: storeId, ...values })
      .onConflict((conflict) => conflict.columns(['tenant_id', 'store_id', 'trust_id']).doUpdateSet(values))
      .execute();
  }
  for (const row of rows) {
    if (row.deleted || wanted.some((each) => each.trust_id === row.trust_id)) continue;
    await tx
      .updateTable('trust')
      .set({ ...goneIntermediate, version: nextVersion() })
      .where('tenant_id', '=', tenantId)
      .where('store_id', '=', storeId)
      .where('trust_id', '=', row.trust_id)
      .execute();
  }
};

/** `alignStoreTrust` for every store of the tenant. */
export const alignAllStores = async (db: Db, tenantId: string, now: number): Promise<void> => {
  for (const storeId of await storesOf(db, tenantId)) {
    await changeStore(db, tenantId, storeId, (write) => alignStoreTrust(write, tenantId, storeId, now));
  }
};
