import type { Db } from './database.ts';

/** The ids of a tenant's stores, always in the same order. */
export const storesOf = async (db: Db, tenantId: string): Promise<string[]> => {
  const stores = await db
    .selectFrom('stores')
    .select('store_id')
    .where('tenant_id', '=', tenantId)
    .orderBy('store_id')
    .execute();
  return stores.map(({ store_id: storeId }) => storeId);
};
