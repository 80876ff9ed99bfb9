/** One member of staff whose PIN is quickly hashed: what a guess has to cost is not what is tried here. */
import { scryptSync } from 'node:crypto';
import type { Db } from '#backend/store/database.ts';
import { changeStore } from '#backend/store/store-write.ts';

export const staffId = '30000000-0000-4000-8000-000000000001';
export const pin = '2468';
export const storePolicy = { offlineLeaseHours: 168, idleSignOutSeconds: 3_600, holdOpenSeconds: 5 };

const cost = { n: 16, r: 8, p: 1 } as const;

export const putCheapStaff = async (db: Db, tenantId: string, storeId: string): Promise<void> => {
  const salt = Buffer.alloc(16, 1);
  const hash = scryptSync(pin, salt, 32, { N: cost.n, r: cost.r, p: cost.p });
  await changeStore(db, tenantId, storeId, ({ tx, nextVersion }) =>
    tx
      .insertInto('staff')
      .values({
        tenant_id: tenantId,
        store_id: storeId,
        staff_id: staffId,
        name: 'Front counter',
        pin: JSON.stringify({ ...cost, salt: salt.toString('base64'), hash: hash.toString('base64') }),
        deleted: false,
        version: nextVersion(),
      })
      .execute(),
  );
};
