/**
 * A backend of the release before knows no places: beside this one it names, takes and forgets locks in their own rows alone. What the
 * lock's row says is then what people have seen last, and its place is brought in line with it.
 */
import { sql } from 'kysely';
import { createStoreWalk, pause } from '../mending/each-store.ts';
import type { Logger } from '#shared/flow/logger.ts';
import type { Db, Tx } from '../store/database.ts';
import { rowsOf } from '../store/lock-row.ts';
import type { StoreWrite } from '../store/store-write.ts';
import { nameLock } from './name-lock.ts';
import { leavePlace } from './occupancy.ts';

interface Strayed {
  readonly storeId: string;
  readonly serialNumber: string;
  /** What the lock is called; null: it is in no place, and its stay in one ends. */
  readonly name: string | null;
  readonly group: string | null;
}

/** Locks of these stores whose row and whose place do not say the same. */
const strayed = async (db: Db | Tx, tenantId: string, storeIds: readonly string[]): Promise<Strayed[]> => {
  const { rows } = await sql<Strayed>`
    WITH stays AS (
      SELECT store_id, serial_number, place_id, places.name, places.group_name
      FROM occupancies JOIN places USING (tenant_id, store_id, place_id)
      WHERE tenant_id = ${tenantId} AND store_id = ANY(${storeIds}::uuid[]) AND until IS NULL),
    known AS (
      SELECT store_id, serial_number, place_id, name, group_name, spare,
        NOT deleted AND (NOT spare OR name <> serial_number) AS is_placed
      FROM locks WHERE tenant_id = ${tenantId} AND store_id = ANY(${storeIds}::uuid[]))
    SELECT store_id AS "storeId", serial_number AS "serialNumber",
      CASE WHEN is_placed THEN known.name END AS name, CASE WHEN is_placed THEN known.group_name END AS "group"
    FROM stays FULL JOIN known USING (store_id, serial_number)
    WHERE CASE WHEN is_placed
        THEN spare OR (known.place_id, known.name, known.group_name)
          IS DISTINCT FROM (stays.place_id, stays.name, stays.group_name)
        ELSE stays.place_id IS NOT NULL END`.execute(db);
  return rows;
};

const mend = async (write: StoreWrite, tenantId: string, each: Strayed, now: number): Promise<void> => {
  const { storeId, serialNumber, name, group } = each;
  const lock = { tenantId, storeId, serialNumber };
  if (name !== null && group !== null) return nameLock(write, lock, { name, group }, now);
  await leavePlace(write.tx, lock, now);
  await write.tx
    .updateTable('locks')
    .set({ place_id: null })
    .where((row) => row.and(rowsOf(lock)))
    .execute();
};

/** Stores that are read at once, and how long others have the database to themselves after that. */
const storesAtOnce = 100;
const pauseMs = 100;

export interface PlaceMend {
  /** Tells how many locks it has brought in line. */
  run(stop?: AbortSignal): Promise<number>;
}

/**
 * The first look reads every store, in steps with pauses; each later one those alone in which something has changed since: whoever
 * names, takes or forgets a lock takes a version.
 */
export const createPlaceMend = (ports: {
  readonly db: Db;
  readonly tenantId: string;
  readonly logger: Logger;
  now(): number;
}): PlaceMend => {
  const { db, tenantId } = ports;
  const walk = createStoreWalk({ ...ports, what: 'places' });
  /** At which version each store was in line. */
  const seen = new Map<string, number>();
  const mendStore = async (write: StoreWrite, storeId: string): Promise<number> => {
    // Read again: whoever changes a store holds it.
    const found = await strayed(write.tx, tenantId, [storeId]);
    for (const each of found) await mend(write, tenantId, each, ports.now());
    return found.length;
  };
  return {
    run: async (stop) => {
      const stores = await db
        .selectFrom('stores')
        .select(['store_id', 'sequence'])
        .where('tenant_id', '=', tenantId)
        .orderBy('store_id')
        .execute();
      const due = stores.filter(({ store_id: storeId, sequence }) => seen.get(storeId) !== sequence);
      let mended = 0;
      for (let at = 0; at < due.length && !stop?.aborted; at += storesAtOnce) {
        const some = due.slice(at, at + storesAtOnce);
        const found = await strayed(
          db,
          tenantId,
          some.map(({ store_id: storeId }) => storeId),
        );
        const storeIds = new Set(found.map(({ storeId }) => storeId));
        const { count, left } = await walk(storeIds, mendStore, { stop });
        mended += count;
        for (const { store_id: storeId, sequence } of some)
          if (!left.has(storeId)) seen.set(storeId, sequence);
        if (some.length === storesAtOnce) await pause(pauseMs, stop);
      }
      return mended;
    },
  };
};
