/** Release orders in a store's `trust`: which locks are to be given back, and the root's token for each. One row per lock. */
import type { StoreWrite } from '../store/store-write.ts';

export interface LockOfStore {
  readonly tenantId: string;
  readonly storeId: string;
  readonly serialNumber: string;
}

const trustIdOf = (serialNumber: string): string => `release of ${serialNumber}`;

const keyOf = ({ tenantId, storeId, serialNumber }: LockOfStore) => ({
  tenant_id: tenantId,
  store_id: storeId,
  trust_id: trustIdOf(serialNumber),
});

export const isReleaseOrdered = async (
  { tx }: Pick<StoreWrite, 'tx'>,
  lock: LockOfStore,
): Promise<boolean> => {
  const row = await tx
    .selectFrom('trust')
    .select('trust_id')
    .where('tenant_id', '=', lock.tenantId)
    .where('store_id', '=', lock.storeId)
    .where('trust_id', '=', trustIdOf(lock.serialNumber))
    .where('deleted', '=', false)
    .executeTakeFirst();
  return row !== undefined;
};

export const putReleaseOrder = async (
  { tx, nextVersion }: StoreWrite,
  lock: LockOfStore,
  { owner, token }: { readonly owner: string; readonly token: string },
): Promise<void> => {
  const values = { owner, token, version: nextVersion(), deleted: false };
  await tx
    .insertInto('trust')
    .values({
      ...keyOf(lock),
      ...{ kind: 'release_order', serial_number: lock.serialNumber },
      ...{ certificate: null, not_before: null, not_after: null },
      ...values,
    })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'store_id', 'trust_id']).doUpdateSet(values))
    .execute();
};

/** False where none stands. */
export const dropReleaseOrder = async (write: StoreWrite, lock: LockOfStore): Promise<boolean> => {
  if (!(await isReleaseOrdered(write, lock))) return false;
  await write.tx
    .updateTable('trust')
    .set({ deleted: true, version: write.nextVersion() })
    .where('tenant_id', '=', lock.tenantId)
    .where('store_id', '=', lock.storeId)
    .where('trust_id', '=', trustIdOf(lock.serialNumber))
    .execute();
  return true;
};
