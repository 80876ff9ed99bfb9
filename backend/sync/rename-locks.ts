/** What becomes of a lock that a person has given another name or group at a kiosk. */
import type { AccessEvent } from '#shared/models/access-event.ts';
import type { Tx } from '../store/database.ts';
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
      const lock = await write.tx
        .selectFrom('locks')
        .select('serial_number')
        .where('tenant_id', '=', tenantId)
        .where('store_id', '=', storeId)
        .where('serial_number', '=', serialNumber)
        .where('deleted', '=', false)
        .where('name', '=', from.name)
        .where('group_name', '=', from.group)
        .executeTakeFirst();
      // The version is taken only where something changes.
      if (!lock || (from.name === to.name && from.group === to.group)) continue;
      await write.tx
        .updateTable('locks')
        .set({ name: to.name, group_name: to.group, version: write.nextVersion() })
        .where('tenant_id', '=', tenantId)
        .where('store_id', '=', storeId)
        .where('serial_number', '=', serialNumber)
        .execute();
    }
  });
};
