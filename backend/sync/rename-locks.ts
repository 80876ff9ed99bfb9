/** What becomes of a lock that a person has given another name or group at a kiosk. */
import type { AccessEvent } from '#shared/models/access-event.ts';
import type { Tx } from '../store/database.ts';
import { isSameName, nameLock, nameOfLock, type LockOfStore } from '../store/lock-row.ts';
import { writeStore } from '../store/store-write.ts';

/**
 * Names the locks of the store as these events say, in their order. A lock that is not called any more what the person saw keeps what
 * it is called: whoever named it since, an operator or somebody at another kiosk, knew more.
 */
export const renameLocks = async (
  tx: Tx,
  { tenantId, storeId }: { readonly tenantId: string; readonly storeId: string },
  events: readonly AccessEvent[],
): Promise<void> => {
  const renamings = events.filter(({ kind }) => kind === 'lock_renamed');
  if (renamings.length === 0) return;
  await writeStore(tx, tenantId, storeId, async (write) => {
    for (const { serialNumber, renaming } of renamings) {
      if (serialNumber === null || !renaming) continue;
      const { from, to } = renaming;
      const lock: LockOfStore = { tenantId, storeId, serialNumber };
      const held = await nameOfLock(write.tx, lock);
      if (!held || !isSameName(held, from) || isSameName(from, to)) continue;
      await nameLock(write, lock, to);
    }
  });
};
