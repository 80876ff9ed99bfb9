/** The tenant's newest revocation list. Only locks can judge one, so the backend keeps it and hands it on. */
import { z } from 'zod';
import type { Db } from '../store/database.ts';
import type { StoreWrite } from '../store/store-write.ts';
import type { VendorRevocations } from '../vendor/live-lock-api.ts';

const settingName = 'revocation list';
const keptSchema = z.strictObject({ owner: z.string(), version: z.int(), list: z.string() });

const keptRevocations = async (
  db: Db | StoreWrite['tx'],
  tenantId: string,
): Promise<VendorRevocations | null> => {
  const row = await db
    .selectFrom('tenant_settings')
    .select('value')
    .where('tenant_id', '=', tenantId)
    .where('name', '=', settingName)
    .executeTakeFirst();
  return row ? keptSchema.parse(JSON.parse(row.value.toString('utf8'))) : null;
};

/** Keeps a list that is newer than the one before: a vendor that has been set back revokes no less. */
export const keepRevocations = async (
  db: Db,
  tenantId: string,
  delivered: VendorRevocations,
): Promise<void> => {
  const kept = await keptRevocations(db, tenantId);
  if (kept && kept.version >= delivered.version) return;
  const value = Buffer.from(JSON.stringify(delivered satisfies z.infer<typeof keptSchema>), 'utf8');
  await db
    .insertInto('tenant_settings')
    .values({ tenant_id: tenantId, name: settingName, value })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'name']).doUpdateSet({ value }))
    .execute();
};

/** Brings a store's row in line with what is kept. It is one row per owner, and never goes. */
export const alignStoreRevocations = async (
  { tx, nextVersion }: StoreWrite,
  tenantId: string,
  storeId: string,
): Promise<void> => {
  const kept = await keptRevocations(tx, tenantId);
  if (!kept) return;
  const { owner, list } = kept;
  const trustId = `revocations of ${owner}`.slice(0, 100);
  const row = await tx
    .selectFrom('trust')
    .select('list')
    .where('tenant_id', '=', tenantId)
    .where('store_id', '=', storeId)
    .where('trust_id', '=', trustId)
    .executeTakeFirst();
  if (row?.list === list) return;
  const values = { list, version: nextVersion() };
  await tx
    .insertInto('trust')
    .values({
      ...{ tenant_id: tenantId, store_id: storeId, trust_id: trustId, owner, kind: 'revocation_list' },
      ...{ certificate: null, not_before: null, not_after: null, deleted: false },
      ...values,
    })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'store_id', 'trust_id']).doUpdateSet(values))
    .execute();
};
