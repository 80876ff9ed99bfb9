/** A lock of a store: its rows, and what it is called. */
import type { Naming } from '#shared/models/naming.ts';
import type { Tx } from './database.ts';

export interface LockOfStore {
  readonly tenantId: string;
  readonly storeId: string;
  readonly serialNumber: string;
}

/** For a WHERE (`eb.and`): the lock's own rows, in whichever table has some. */
export const rowsOf = ({ tenantId, storeId, serialNumber }: LockOfStore) =>
  ({ tenant_id: tenantId, store_id: storeId, serial_number: serialNumber }) as const;

/** Null where the store has no such lock. */
export const nameOfLock = async (tx: Tx, lock: LockOfStore): Promise<Naming | null> =>
  (await tx
    .selectFrom('locks')
    .select(['name', 'group_name as group'])
    .where((row) => row.and({ ...rowsOf(lock), deleted: false }))
    .executeTakeFirst()) ?? null;
