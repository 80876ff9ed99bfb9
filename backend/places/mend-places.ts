/**
 * A backend of the release before knows no places: beside this one it names, takes and forgets locks in their own rows alone. What the
 * lock's row says is then what people have seen last, and its place is brought in line with it.
 */
import { sql } from 'kysely';
import type { Db, Tx } from '../store/database.ts';
import { rowsOf } from '../store/lock-row.ts';
import { changeStore, type StoreWrite } from '../store/store-write.ts';
import { nameLock } from './name-lock.ts';
import { leavePlace } from './occupancy.ts';

interface Strayed {
  readonly storeId: string;
  readonly serialNumber: string;
  /** What the lock is called; null: it is in no place, and its stay in one ends. */
  readonly name: string | null;
  readonly group: string | null;
}

/** Of one store, or of all: locks whose row and whose place do not say the same. */
const strayed = async (db: Db | Tx, tenantId: string, storeId: string | null): Promise<Strayed[]> => {
  const { rows } = await sql<Strayed>`
    WITH stays AS (
      SELECT store_id, serial_number, place_id, places.name, places.group_name
      FROM occupancies JOIN places USING (tenant_id, store_id, place_id)
      WHERE tenant_id = ${tenantId} AND until IS NULL),
    known AS (
      SELECT store_id, serial_number, place_id, name, group_name, spare,
        NOT deleted AND (NOT spare OR name <> serial_number) AS is_placed
      FROM locks WHERE tenant_id = ${tenantId})
    SELECT store_id AS "storeId", serial_number AS "serialNumber",
      CASE WHEN is_placed THEN known.name END AS name, CASE WHEN is_placed THEN known.group_name END AS "group"
    FROM stays FULL JOIN known USING (store_id, serial_number)
    WHERE (${storeId}::uuid IS NULL OR store_id = ${storeId}::uuid)
      AND CASE WHEN is_placed
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

/** Tells how many locks it has brought in line. */
export const mendPlaces = async (ports: {
  readonly db: Db;
  readonly tenantId: string;
  now(): number;
}): Promise<number> => {
  const { db, tenantId } = ports;
  const stores = new Set((await strayed(db, tenantId, null)).map(({ storeId }) => storeId));
  let mended = 0;
  for (const storeId of stores) {
    // Read again: whoever changes a store holds it.
    const done = await changeStore(db, tenantId, storeId, async (write) => {
      const found = await strayed(write.tx, tenantId, storeId);
      for (const each of found) await mend(write, tenantId, each, ports.now());
      return found.length;
    });
    mended += done ?? 0;
  }
  return mended;
};
