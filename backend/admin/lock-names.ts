/** What an operator does where a lock has the wrong name, or hangs in another group by now. */
import type { Db } from '../store/database.ts';
import { changeStore } from '../store/store-write.ts';
import type { PutLock } from './contract.ts';
import type { NoteAct } from './operator-journal.ts';

export interface LockNames {
  /**
   * Gives the lock another name and group; the kiosks of its store show them from their next contact on. False where the store
   * has no such lock. What the lock was enrolled as stays with its enrolment. Repeating it changes nothing.
   */
  put(storeId: string, serialNumber: string, lock: PutLock, note: NoteAct): Promise<boolean>;
}

export const createLockNames = (db: Db, tenantId: string): LockNames => ({
  put: async (storeId, serialNumber, { name, group }, note) =>
    (await changeStore(db, tenantId, storeId, async ({ tx, nextVersion }) => {
      const before = await tx
        .selectFrom('locks')
        .select(['name', 'group_name'])
        .where('tenant_id', '=', tenantId)
        .where('store_id', '=', storeId)
        .where('serial_number', '=', serialNumber)
        .where('deleted', '=', false)
        .executeTakeFirst();
      if (!before) return false;
      await note(tx);
      if (before.name === name && before.group_name === group) return true;
      await tx
        .updateTable('locks')
        .set({ name, group_name: group, version: nextVersion() })
        .where('tenant_id', '=', tenantId)
        .where('store_id', '=', storeId)
        .where('serial_number', '=', serialNumber)
        .execute();
      return true;
    })) ?? false,
});
