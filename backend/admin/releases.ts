/** What an operator does to give a lock back: order it, or take the order back while the lock is still there. */
import { fail, ok, type Result } from '#shared/errors/app-error.ts';
import { forgetIfAnswered } from '../release/forget-lock.ts';
import { dropReleaseOrder, isReleaseOrdered, putReleaseOrder } from '../release/release-orders.ts';
import type { Db } from '../store/database.ts';
import { rowsOf, type LockOfStore } from '../store/lock-row.ts';
import { changeStore, type StoreWrite } from '../store/store-write.ts';
import type { LiveLockApi } from '../live-lock/live-lock-api.ts';
import type { NoteAct } from './operator-journal.ts';

export interface ReleaseAdmin {
  /**
   * Asks the vendor for what releases the lock and hands it to the kiosks of its store, where a person then gives it back.
   * `ok` once that is durable; repeating is harmless. Fails with `enrolment.not_found` where the store has no such lock,
   * `enrolment.vendor_refused`, or `sync.unreachable` where the vendor did not answer: nothing is ordered then.
   */
  order(storeId: string, serialNumber: string, note: NoteAct): Promise<Result<null>>;
  /** False where no order stands. A kiosk that is offline learns of it later. */
  withdraw(storeId: string, serialNumber: string, note: NoteAct): Promise<boolean>;
}

export const createReleaseAdmin = (ports: {
  readonly db: Db;
  readonly tenantId: string;
  readonly owner: string;
  readonly api: Pick<LiveLockApi, 'release'>;
  now(): number;
}): ReleaseAdmin => {
  const { db, tenantId, owner, api } = ports;

  const standing = async ({ tx }: Pick<StoreWrite, 'tx'>, lock: LockOfStore) => {
    const found = await tx
      .selectFrom('locks')
      .select('serial_number')
      .where((row) => row.and({ ...rowsOf(lock), deleted: false }))
      .executeTakeFirst();
    if (!found) return 'no_lock';
    return (await isReleaseOrdered({ tx }, lock)) ? 'ordered' : 'not_ordered';
  };

  return {
    order: async (storeId, serialNumber, note) => {
      const lock = { tenantId, storeId, serialNumber };
      const before = await db.transaction().execute((tx) => standing({ tx }, lock));
      if (before === 'no_lock') return fail('enrolment.not_found');
      if (before === 'ordered') return ok(null);
      // No transaction is open while the vendor is asked.
      const answer = await api.release(serialNumber);
      if (answer.kind === 'unknown') return fail('sync.unreachable');
      if (answer.kind === 'refused') {
        return fail('enrolment.vendor_refused', { serialNumber, reason: answer.reason });
      }
      const done = await changeStore(db, tenantId, storeId, async (write): Promise<Result<null>> => {
        const meanwhile = await standing(write, lock);
        if (meanwhile === 'no_lock') return fail('enrolment.not_found');
        if (meanwhile === 'ordered') return ok(null);
        const orderId = await putReleaseOrder(write, lock, { owner, token: answer.token });
        await forgetIfAnswered(write, lock, orderId, ports.now());
        await note(write.tx);
        return ok(null);
      });
      return done ?? fail('enrolment.not_found');
    },
    withdraw: async (storeId, serialNumber, note) =>
      (await changeStore(db, tenantId, storeId, async (write) => {
        const isDropped = await dropReleaseOrder(write, { tenantId, storeId, serialNumber });
        if (isDropped) await note(write.tx);
        return isDropped;
      })) ?? false,
  };
};
