/**
 * What becomes of a lock that a kiosk has given back: the store loses lock and key, and the serial number is free, for this
 * store or another. Only where that was ordered: a kiosk can't make the backend forget a lock by itself.
 */
import { sql } from 'kysely';
import type { AccessEvent } from '#shared/models/access-event.ts';
import { leavePlace } from '../places/occupancy.ts';
import type { Tx } from '../store/database.ts';
import { rowsOf, type LockOfStore } from '../store/lock-row.ts';
import type { StoreKey } from '../store/store-key.ts';
import { writeStore, type StoreWrite } from '../store/store-write.ts';
import { goneKey, goneLock } from '../store/tombstones.ts';
import { forgetBatteries } from '../sync/note-batteries.ts';
import { dropReleaseOrder } from './release-orders.ts';

export const forgetReleasedLocks = async (
  tx: Tx,
  { tenantId, storeId }: StoreKey,
  events: readonly AccessEvent[],
  now: number,
): Promise<void> => {
  const answers = events.filter(({ kind }) => kind === 'lock_released');
  if (answers.length === 0) return;
  await writeStore(tx, tenantId, storeId, async (write) => {
    for (const { serialNumber, orderId, at } of answers) {
      if (serialNumber === null) continue;
      const lock: LockOfStore = { tenantId, storeId, serialNumber };
      // Older kiosks do not say which order they answer: theirs is the one that stands.
      if (await dropReleaseOrder(write, lock, orderId)) await forgetLock(write, lock, Math.min(at, now));
    }
  });
};

/**
 * An order that was taken back may have been carried out, and its event may have come while it did not stand: when it stands
 * again, nobody will tell that once more.
 */
export const forgetIfAnswered = async (
  write: StoreWrite,
  lock: LockOfStore,
  orderId: string,
  now: number,
): Promise<void> => {
  const answer = await write.tx
    .selectFrom('access_events')
    .select('at')
    .where('tenant_id', '=', lock.tenantId)
    .where('store_id', '=', lock.storeId)
    .where('verdict', '!=', 'mismatch')
    .where(sql<string>`body->>'kind'`, '=', 'lock_released')
    .where(sql<string>`body->>'serialNumber'`, '=', lock.serialNumber)
    .where(sql<string>`body->>'orderId'`, '=', orderId)
    .executeTakeFirst();
  if (answer && (await dropReleaseOrder(write, lock, orderId)))
    await forgetLock(write, lock, Math.min(answer.at, now));
};

/** `at`: when it left, never later than now. */
const forgetLock = async ({ tx, nextVersion }: StoreWrite, lock: LockOfStore, at: number): Promise<void> => {
  await leavePlace(tx, lock, at);
  await forgetBatteries(tx, lock);
  await tx
    .updateTable('locks')
    .set({ ...goneLock, version: nextVersion() })
    .where((row) => row.and(rowsOf(lock)))
    .execute();
  await tx
    .updateTable('key_certificates')
    .set({ ...goneKey, version: nextVersion() })
    .where((row) => row.and(rowsOf(lock)))
    .execute();
  await tx
    .deleteFrom('serial_claims')
    .where((row) => row.and(rowsOf(lock)))
    .execute();
};
