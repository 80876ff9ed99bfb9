/** What becomes of a place where a person has put another lock in it at a kiosk. */
import { sql } from 'kysely';
import type { AccessEvent } from '#shared/models/access-event.ts';
import type { Tx } from '../store/database.ts';
import { nameOfLock, rowsOf, type LockOfStore } from '../store/lock-row.ts';
import type { StoreKey } from '../store/store-key.ts';
import type { StoreWrite } from '../store/store-write.ts';
import { makeSpare, occupiedPlace, rowsOfPlace } from './occupancy.ts';

export type Replaced = Pick<AccessEvent, 'replacement' | 'place' | 'serialNumber' | 'at'>;

/**
 * By the time at which it was done, in whatever order kiosks tell of it: of two that were put in one place the later is in it, and the
 * earlier was until then; a lock that was put in two is where it was put last. What is in no place after that is a spare.
 */
export const replaceLock = async (
  write: StoreWrite,
  store: StoreKey,
  event: Replaced,
  now: number,
): Promise<void> => {
  const { replacement, place: placeId } = event;
  if (!replacement || placeId === undefined) return;
  const { tx, nextVersion } = write;
  const lock = { ...store, serialNumber: replacement.by };
  const place = await tx
    .selectFrom('places')
    .select(['name', 'group_name as group'])
    .where((row) => row.and(rowsOfPlace(store, placeId)))
    .executeTakeFirst();
  if (!place || !(await nameOfLock(tx, lock))) return;
  const since = await timeOf(tx, store, { ...event, placeId, by: lock.serialNumber }, now);
  const there = await thereAt(tx, store, placeId, since);
  if (there.includes(lock.serialNumber)) return;

  const left = await endStays(tx, rowsOfPlace(store, placeId), since);
  await endStays(tx, rowsOf(lock), since);
  const until = await nextStay(tx, lock, placeId, since);
  await tx
    .insertInto('occupancies')
    .values({ ...rowsOfPlace(store, placeId), serial_number: lock.serialNumber, since, until })
    .execute();

  if (until === null)
    await tx
      .updateTable('locks')
      .set({
        spare: false,
        place_id: placeId,
        version: nextVersion(),
        name: place.name,
        group_name: place.group,
      })
      .where((row) => row.and(rowsOf(lock)))
      .execute();
  for (const serialNumber of new Set([...left, lock.serialNumber])) {
    const one = { ...store, serialNumber };
    if ((await occupiedPlace(tx, one)) === null) await makeSpare(write, one, place.group);
  }
};

/** Of a clock that is ahead, now; of one that is behind, when both locks had come, if the one that was replaced is there still. */
const timeOf = async (
  tx: Tx,
  store: StoreKey,
  { at, serialNumber, placeId, by }: Pick<Replaced, 'at' | 'serialNumber'> & Record<'placeId' | 'by', string>,
  now: number,
): Promise<number> => {
  const asSaid = Math.min(at, now);
  const { rows } = await sql<{ since: number }>`
    SELECT greatest(since, (
      SELECT min(since) FROM occupancies AS of_the_new
      WHERE tenant_id = ${store.tenantId} AND store_id = ${store.storeId} AND serial_number = ${by})) AS since
    FROM occupancies
    WHERE tenant_id = ${store.tenantId} AND store_id = ${store.storeId} AND place_id = ${placeId}
      AND until IS NULL AND serial_number = ${serialNumber}`.execute(tx);
  return Math.max(asSaid, rows[0]?.since ?? 0);
};

/** Which lock was in the place at that time: one, unless a release before has written two. */
const thereAt = async (tx: Tx, store: StoreKey, placeId: string, at: number): Promise<string[]> => {
  const rows = await tx
    .selectFrom('occupancies')
    .select('serial_number')
    .where((row) => row.and(rowsOfPlace(store, placeId)))
    .where('since', '<=', at)
    .where((row) => row.or([row('until', 'is', null), row('until', '>', at)]))
    .execute();
  return rows.map(({ serial_number: serialNumber }) => serialNumber);
};

/** Tells whose they were. */
const endStays = async (
  tx: Tx,
  of: ReturnType<typeof rowsOfPlace> | ReturnType<typeof rowsOf>,
  at: number,
): Promise<string[]> => {
  const ended = await tx
    .updateTable('occupancies')
    .set({ until: at })
    .where((row) => row.and(of))
    .where('since', '<=', at)
    .where((row) => row.or([row('until', 'is', null), row('until', '>', at)]))
    .returning('serial_number')
    .execute();
  return ended.map(({ serial_number: serialNumber }) => serialNumber);
};

/** When another lock came into the place, or this one into another; null where neither has been told. */
const nextStay = async (
  tx: Tx,
  lock: LockOfStore,
  placeId: string,
  after: number,
): Promise<number | null> => {
  const { rows } = await sql<{ since: number | null }>`
    SELECT min(since) AS since FROM occupancies
    WHERE tenant_id = ${lock.tenantId} AND store_id = ${lock.storeId} AND since > ${after}
      AND (place_id = ${placeId} OR serial_number = ${lock.serialNumber})`.execute(tx);
  return rows[0]?.since ?? null;
};
