/**
 * Which lock is in which place, and since when. A place has the name and the group; a lock that is in it goes by them, in its own row
 * too, as kiosks are told of locks. To be called holding the store's counter.
 */
import type { Naming } from '#shared/models/naming.ts';
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { Tx } from '../store/database.ts';
import type { StoreWrite } from '../store/store-write.ts';
import { rowsOf, type LockOfStore } from '../store/lock-row.ts';

/** For a WHERE (`eb.and`): of one place. */
export const rowsOfPlace = (
  { tenantId, storeId }: Pick<LockOfStore, 'tenantId' | 'storeId'>,
  placeId: string,
) => ({ tenant_id: tenantId, store_id: storeId, place_id: placeId }) as const;

/** Null of a lock that is in none. */
export const occupiedPlace = async (tx: Tx, lock: LockOfStore): Promise<string | null> =>
  (
    await tx
      .selectFrom('occupancies')
      .select('place_id')
      .where((row) => row.and(rowsOf(lock)))
      .where('until', 'is', null)
      .executeTakeFirst()
  )?.place_id ?? null;

/** The one that was left last. */
const emptyPlace = async (tx: Tx, lock: LockOfStore, { name, group }: Naming): Promise<string | null> => {
  const { rows } = await sql<{ place_id: string }>`
    SELECT places.place_id FROM places JOIN occupancies USING (tenant_id, store_id, place_id)
    WHERE places.tenant_id = ${lock.tenantId} AND places.store_id = ${lock.storeId}
      AND places.name = ${name} AND places.group_name = ${group}
    GROUP BY places.place_id HAVING count(*) = count(until)
    ORDER BY max(until) DESC LIMIT 1`.execute(tx);
  return rows[0]?.place_id ?? null;
};

/** Ends the lock's stay where it is, if it is anywhere. */
export const leavePlace = async (tx: Tx, lock: LockOfStore, at: number): Promise<void> => {
  await tx
    .updateTable('occupancies')
    .set({ until: sql<number>`greatest(since, ${at})` })
    .where((row) => row.and(rowsOf(lock)))
    .where('until', 'is', null)
    .execute();
};

/** No two locks are in a place at a time, nor one lock in two: where a stay ended later than `at`, from then on. */
const freeFrom = async (tx: Tx, lock: LockOfStore, placeId: string, at: number): Promise<number> => {
  const { rows } = await sql<{ since: number }>`
    SELECT greatest(${at}::bigint, max(until)) AS since FROM occupancies
    WHERE tenant_id = ${lock.tenantId} AND store_id = ${lock.storeId}
      AND (place_id = ${placeId} OR serial_number = ${lock.serialNumber})`.execute(tx);
  return rows[0]?.since ?? at;
};

/**
 * Where the lock goes by that name from now on: its place, named so; else the empty one of that name and group, so that its history goes
 * on; else a new one.
 */
const placeNamed = async (tx: Tx, lock: LockOfStore, to: Naming, at: number): Promise<string> => {
  const naming = { name: to.name, group_name: to.group };
  const present = await occupiedPlace(tx, lock);
  if (present !== null) {
    await tx
      .updateTable('places')
      .set(naming)
      .where((row) => row.and(rowsOfPlace(lock, present)))
      .execute();
    return present;
  }
  const found = await emptyPlace(tx, lock, to);
  const placeId = found ?? randomUUID();
  const place = rowsOfPlace(lock, placeId);
  if (found === null)
    await tx
      .insertInto('places')
      .values({ ...place, ...naming })
      .execute();
  const since = await freeFrom(tx, lock, placeId, at);
  await tx
    .insertInto('occupancies')
    .values({ ...place, serial_number: lock.serialNumber, since, until: null })
    .execute();
  return placeId;
};

/** The columns of a lock that has this place and its name. */
export const inPlace = async (tx: Tx, lock: LockOfStore, to: Naming, at: number) => ({
  spare: false,
  place_id: await placeNamed(tx, lock, to, at),
  name: to.name,
  group_name: to.group,
});

/** Those of one in no place. It keeps a group, and with it the group's rule: who takes a lock out of its place takes it out of no rule. */
export const spareColumns = ({ serialNumber }: LockOfStore, group: string) => ({
  spare: true,
  place_id: null,
  name: serialNumber,
  group_name: group,
});

export const makeSpare = async (
  { tx, nextVersion }: StoreWrite,
  lock: LockOfStore,
  group: string,
): Promise<void> => {
  await tx
    .updateTable('locks')
    .set({ ...spareColumns(lock, group), version: nextVersion() })
    .where((row) => row.and({ ...rowsOf(lock), deleted: false }))
    .execute();
};

/** A lock that is registered to replace another waits as a spare until it is ready, where that one has a place still. */
export const isToReplace = async (tx: Tx, lock: LockOfStore, replaces: string | null): Promise<boolean> =>
  replaces !== null &&
  (await occupiedPlace(tx, lock)) === null &&
  (await occupiedPlace(tx, { ...lock, serialNumber: replaces })) !== null;
