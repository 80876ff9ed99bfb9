/**
 * A backend of the release before tells kiosks of PINs as they lie in the row. Where this release has sealed them, such a kiosk can't read
 * that and keeps the person out, and has no reason to ask again: so, once that one has had its time, kiosks are told of everybody anew.
 */
import { sql, type RawBuilder } from 'kysely';
import { codeOf } from '#shared/errors/thrown.ts';
import { createStoreWalk } from '../mending/each-store.ts';
import type { Logger } from '#shared/flow/logger.ts';
import type { Db, Tx } from '../store/database.ts';
import type { StoreWrite } from '../store/store-write.ts';

const lockTimeoutCode = '55P03';
/** By the database's clock. One of the release before is given an hour to end after it was last seen at work, as in the migration. */
const overlapMs = 3_600_000;
const now = sql<number>`(extract(epoch FROM now()) * 1000)::bigint`;
const isDue = sql<boolean>`tell_pins_at <= ${now}`;
/** 1,000 stores in a look, five a second: 10,000 are through after ten looks, and their kiosks do not come at once. */
const storesAtOnce = 1_000;
const pauseMs = 200;
/** One that could not be told is due again after that, so that it stands in the way of none that is due. */
const laterMs = 600_000;

const noteOf = async (
  db: Db,
  tenantId: string,
  storeIds: readonly string[],
  whoIsHeld: 'passed over' | 'waited for',
  { inMs, only }: { readonly inMs: number; readonly only?: RawBuilder<boolean> } = { inMs: overlapMs },
): Promise<readonly string[]> => {
  const { rows } = await sql<{ store_id: string }>`
    UPDATE stores SET tell_pins_at = ${now} + ${inMs}::bigint
    WHERE tenant_id = ${tenantId} AND store_id IN (
      SELECT store_id FROM stores WHERE tenant_id = ${tenantId} AND store_id = ANY(${storeIds}::uuid[])
        AND ${only ?? sql`TRUE`}
      ORDER BY store_id FOR UPDATE ${sql.raw(whoIsHeld === 'passed over' ? 'SKIP LOCKED' : '')})
    RETURNING store_id`.execute(db);
  return rows.map(({ store_id: storeId }) => storeId);
};

/**
 * Of those stores, in which one of the release before has set PINs. Tells which it has noted: one that somebody holds is waited for, once
 * the others are noted, and is left out where that takes too long.
 */
export const tellPinsLater = async (
  db: Db,
  tenantId: string,
  storeIds: readonly string[],
  stop?: AbortSignal,
): Promise<ReadonlySet<string>> => {
  if (storeIds.length === 0) return new Set();
  const noted = new Set(await noteOf(db, tenantId, storeIds, 'passed over'));
  for (const storeId of storeIds) {
    if (noted.has(storeId)) continue;
    if (stop?.aborted) break;
    try {
      for (const one of await noteOf(db, tenantId, [storeId], 'waited for')) noted.add(one);
    } catch (failure) {
      if (codeOf(failure) !== lockTimeoutCode) throw failure;
    }
  }
  return noted;
};

/** Each row has a version of its own, and the store one change. */
const tellEverybody = async (
  tx: Tx,
  tenantId: string,
  storeId: string,
  nextVersion: () => number,
): Promise<void> => {
  const people = await tx
    .selectFrom('staff')
    .select('staff_id')
    .where('tenant_id', '=', tenantId)
    .where('store_id', '=', storeId)
    .where('deleted', '=', false)
    .execute();
  await sql`
    UPDATE staff SET version = told.version
    FROM unnest(
      ${people.map(({ staff_id: staffId }) => staffId)}::uuid[],
      ${people.map(() => nextVersion())}::bigint[]
    ) AS told (staff_id, version)
    WHERE staff.tenant_id = ${tenantId} AND staff.store_id = ${storeId}
      AND staff.staff_id = told.staff_id`.execute(tx);
};

/** Tells of how many stores. Ends early with `stop`. */
export const createPinTelling = (ports: {
  readonly db: Db;
  readonly tenantId: string;
  readonly logger: Logger;
}): ((stop?: AbortSignal) => Promise<number>) => {
  const { db, tenantId } = ports;
  const walk = createStoreWalk({ ...ports, what: 'PINs' });
  const tell = async ({ tx, nextVersion }: StoreWrite, storeId: string): Promise<number> => {
    // Another instance may have told it meanwhile.
    const { numUpdatedRows } = await tx
      .updateTable('stores')
      .set({ tell_pins_at: null })
      .where('tenant_id', '=', tenantId)
      .where('store_id', '=', storeId)
      .where(isDue)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) return 0;
    await tellEverybody(tx, tenantId, storeId, nextVersion);
    return 1;
  };
  return async (stop) => {
    const due = await db
      .selectFrom('stores')
      .select('store_id')
      .where('tenant_id', '=', tenantId)
      .where(isDue)
      .orderBy('tell_pins_at')
      .orderBy('store_id')
      .limit(storesAtOnce)
      .execute();
    const storeIds = due.map(({ store_id: storeId }) => storeId);
    const { count, failed } = await walk(storeIds, tell, { stop, pauseMs });
    // Those that another instance has told meanwhile are not.
    const later = { inMs: laterMs, only: isDue };
    if (failed.size > 0) await noteOf(db, tenantId, [...failed], 'passed over', later);
    return count;
  };
};
