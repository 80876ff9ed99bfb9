/** What an operator does where a lock has the wrong name, or hangs in another group by now. */
import { isSameName } from '#shared/models/naming.ts';
import { nameLock } from '../places/name-lock.ts';
import type { Db } from '../store/database.ts';
import { nameOfLock, type LockOfStore } from '../store/lock-row.ts';
import { changeStore } from '../store/store-write.ts';
import type { PutLock } from './contract.ts';
import type { NoteAct } from './operator-journal.ts';

export interface LockRenaming {
  /**
   * Gives the lock another name and group; the kiosks of its store show them from their next contact on. False where the store
   * has no such lock. What the lock was enrolled as stays with its enrolment. Repeating it changes nothing.
   */
  put(storeId: string, serialNumber: string, name: PutLock, note: NoteAct): Promise<boolean>;
}

export const createLockRenaming = (db: Db, tenantId: string, now: () => number): LockRenaming => ({
  put: async (storeId, serialNumber, name, note) =>
    (await changeStore(db, tenantId, storeId, async (write) => {
      const lock: LockOfStore = { tenantId, storeId, serialNumber };
      const before = await nameOfLock(write.tx, lock);
      if (!before) return false;
      await note(write.tx);
      if (!isSameName(before, name)) await nameLock(write, lock, name, now());
      return true;
    })) ?? false,
});
