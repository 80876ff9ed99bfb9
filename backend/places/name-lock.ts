import type { Naming } from '#shared/models/naming.ts';
import { rowsOf, type LockOfStore } from '../store/lock-row.ts';
import type { StoreWrite } from '../store/store-write.ts';
import { inPlace } from './occupancy.ts';

/** Its place is called so, too; a spare has one from now on. Takes a version: to be called only where it changes something. */
export const nameLock = async (
  { tx, nextVersion }: StoreWrite,
  lock: LockOfStore,
  to: Naming,
  at: number,
): Promise<void> => {
  await tx
    .updateTable('locks')
    .set({ ...(await inPlace(tx, lock, to, at)), version: nextVersion() })
    .where((row) => row.and(rowsOf(lock)))
    .execute();
};
