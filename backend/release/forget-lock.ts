/**
 * What becomes of a lock that a kiosk has given back: the store loses lock and key, and the serial number is free, for this
 * store or another. Only where that was ordered: a kiosk can't make the backend forget a lock by itself.
 */
import type { Tx } from '../store/database.ts';
import { writeStore, type StoreWrite } from '../store/store-write.ts';
import { dropReleaseOrder, type LockOfStore } from './release-orders.ts';

export const forgetReleasedLocks = async (
  tx: Tx,
  { tenantId, storeId }: { readonly tenantId: string; readonly storeId: string },
  serialNumbers: readonly string[],
): Promise<void> => {
  if (serialNumbers.length === 0) return;
  await writeStore(tx, tenantId, storeId, async (write) => {
    for (const serialNumber of serialNumbers) {
      const lock: LockOfStore = { tenantId, storeId, serialNumber };
      if (await dropReleaseOrder(write, lock)) await forgetLock(write, lock);
    }
  });
};

const forgetLock = async ({ tx, nextVersion }: StoreWrite, lock: LockOfStore): Promise<void> => {
  const { tenantId, storeId, serialNumber } = lock;
  await tx
    .updateTable('locks')
    .set({ deleted: true, version: nextVersion() })
    .where('tenant_id', '=', tenantId)
    .where('store_id', '=', storeId)
    .where('serial_number', '=', serialNumber)
    .execute();
  await tx
    .updateTable('key_certificates')
    // The lock has given this key up: nothing is left that it would open.
    .set({ deleted: true, version: nextVersion(), encrypted: Buffer.alloc(0) })
    .where('tenant_id', '=', tenantId)
    .where('store_id', '=', storeId)
    .where('serial_number', '=', serialNumber)
    .execute();
  await tx
    .deleteFrom('serial_claims')
    .where('tenant_id', '=', tenantId)
    .where('store_id', '=', storeId)
    .where('serial_number', '=', serialNumber)
    .execute();
};
