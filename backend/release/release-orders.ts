/**
 * Release orders in a store's `trust`: which locks are to be given back, and the root's token for each. One stands per lock at
 * the most. Each order is a row of its own under an id of its own, which comes back with the event that says it is done: a
 * kiosk that was offline may answer an order whose lock has come back since, and was ordered back again.
 */
import { randomUUID } from 'node:crypto';
import { rowsOf, type LockOfStore } from '../store/lock-row.ts';
import type { StoreWrite } from '../store/store-write.ts';
import { goneReleaseOrder } from '../store/tombstones.ts';

const standingOrder = async (
  { tx }: Pick<StoreWrite, 'tx'>,
  lock: LockOfStore,
): Promise<string | undefined> => {
  const row = await tx
    .selectFrom('trust')
    .select('trust_id')
    .where((each) => each.and({ ...rowsOf(lock), kind: 'release_order', deleted: false }))
    .executeTakeFirst();
  return row?.trust_id;
};

export const isReleaseOrdered = async (write: Pick<StoreWrite, 'tx'>, lock: LockOfStore): Promise<boolean> =>
  (await standingOrder(write, lock)) !== undefined;

/** Only where none stands. Tells the order's id. */
export const putReleaseOrder = async (
  write: StoreWrite,
  lock: LockOfStore,
  { owner, token }: { readonly owner: string; readonly token: string },
): Promise<string> => {
  const enrolmentId = await registrationOf(write, lock);
  const trustId = (await withdrawnOrder(write, lock, enrolmentId)) ?? randomUUID();
  const values = { owner, token, enrolment_id: enrolmentId, version: write.nextVersion(), deleted: false };
  await write.tx
    .insertInto('trust')
    .values({
      tenant_id: lock.tenantId,
      store_id: lock.storeId,
      trust_id: trustId,
      kind: 'release_order',
      serial_number: lock.serialNumber,
      certificate: null,
      not_before: null,
      not_after: null,
      ...values,
    })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'store_id', 'trust_id']).doUpdateSet(values))
    .execute();
  return trustId;
};

/** The enrolment that a lock is here by: its name and its key may be others by now. */
const registrationOf = async (
  { tx }: Pick<StoreWrite, 'tx'>,
  { tenantId, serialNumber }: LockOfStore,
): Promise<string | null> => {
  const row = await tx
    .selectFrom('serial_claims')
    .select('enrolment_id')
    .where('tenant_id', '=', tenantId)
    .where('serial_number', '=', serialNumber)
    .executeTakeFirst();
  return row?.enrolment_id ?? null;
};

/**
 * An order that was taken back stands again when the same registration is ordered back anew: a kiosk that was offline may
 * have carried it out. An order that an earlier version of the backend wrote names no enrolment: it counts where it is newer than
 * the lock's row, which is written with its registration, and again with every new name.
 */
const withdrawnOrder = async (
  { tx }: StoreWrite,
  { tenantId, storeId, serialNumber }: LockOfStore,
  enrolmentId: string | null,
): Promise<string | undefined> => {
  const row = await tx
    .selectFrom('trust')
    .innerJoin('locks', (join) =>
      join
        .onRef('locks.tenant_id', '=', 'trust.tenant_id')
        .onRef('locks.store_id', '=', 'trust.store_id')
        .onRef('locks.serial_number', '=', 'trust.serial_number'),
    )
    .select('trust.trust_id')
    .where('trust.tenant_id', '=', tenantId)
    .where('trust.store_id', '=', storeId)
    .where('trust.kind', '=', 'release_order')
    .where('trust.serial_number', '=', serialNumber)
    .where((row) =>
      row.or([
        row('trust.enrolment_id', '=', enrolmentId),
        row.and([row('trust.enrolment_id', 'is', null), row('trust.version', '>', row.ref('locks.version'))]),
      ]),
    )
    .orderBy('trust.version', 'desc')
    .executeTakeFirst();
  return row?.trust_id;
};

/** Ends the order that stands; only that of `orderId` where it is given. False where there is no such order. */
export const dropReleaseOrder = async (
  write: StoreWrite,
  lock: LockOfStore,
  orderId?: string,
): Promise<boolean> => {
  const standing = await standingOrder(write, lock);
  if (standing === undefined || (orderId !== undefined && orderId !== standing)) return false;
  await write.tx
    .updateTable('trust')
    .set({ ...goneReleaseOrder, version: write.nextVersion() })
    .where('tenant_id', '=', lock.tenantId)
    .where('store_id', '=', lock.storeId)
    .where('trust_id', '=', standing)
    .execute();
  return true;
};
