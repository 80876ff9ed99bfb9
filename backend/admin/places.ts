/** What an operator sees of the places of a store: what people name, whichever lock is in it. */
import { sql, type RawBuilder } from 'kysely';
import { z } from 'zod';
import { serialNumberSchema, uuidSchema } from '#shared/models/primitives.ts';
import { rowsOfPlace } from '../places/occupancy.ts';
import type { Db } from '../store/database.ts';
import type { StoreKey } from '../store/store-key.ts';

const named = { placeId: uuidSchema, name: z.string(), group: z.string() } as const;

export const placesAnswerSchema = z.strictObject({
  places: z.array(
    z.strictObject({
      ...named,
      /** Null: no lock is in it. */
      lock: z.strictObject({ serialNumber: serialNumberSchema, since: z.int() }).nullable(),
    }),
  ),
});

/** `since` is 0 of a lock that was there before places were kept; `until` is null while it is there. */
export const placeAnswerSchema = z.strictObject({
  ...named,
  locks: z.array(
    z.strictObject({ serialNumber: serialNumberSchema, since: z.int(), until: z.int().nullable() }),
  ),
});

export interface Places {
  /** By group and name. */
  list(storeId: string): Promise<z.input<typeof placesAnswerSchema>>;
  /** Null where it is none of the store's. */
  get(storeId: string, placeId: string): Promise<z.input<typeof placeAnswerSchema> | null>;
}

export const createPlaces = (db: Db, tenantId: string): Places => ({
  list: async (storeId) => {
    const rows = await db
      .selectFrom('places')
      .leftJoin('occupancies', (join) =>
        join
          .onRef('occupancies.tenant_id', '=', 'places.tenant_id')
          .onRef('occupancies.store_id', '=', 'places.store_id')
          .onRef('occupancies.place_id', '=', 'places.place_id')
          .on('occupancies.until', 'is', null),
      )
      .select([
        'places.place_id as placeId',
        'places.name',
        'places.group_name as group',
        'occupancies.serial_number as serialNumber',
        'occupancies.since',
      ])
      .where('places.tenant_id', '=', tenantId)
      .where('places.store_id', '=', storeId)
      .orderBy('places.group_name')
      .orderBy('places.name')
      .orderBy('places.place_id')
      .execute();
    return {
      places: rows.map(({ serialNumber, since, ...place }) => ({
        ...place,
        lock: serialNumber === null || since === null ? null : { serialNumber, since },
      })),
    };
  },

  get: async (storeId, placeId) => {
    const place = await db
      .selectFrom('places')
      .select(['place_id as placeId', 'name', 'group_name as group'])
      .where((row) => row.and(rowsOfPlace({ tenantId, storeId }, placeId)))
      .executeTakeFirst();
    if (!place) return null;
    const locks = await db
      .selectFrom('occupancies')
      .select(['serial_number as serialNumber', 'since', 'until'])
      .where((row) => row.and(rowsOfPlace({ tenantId, storeId }, placeId)))
      .orderBy('since', 'desc')
      .orderBy('until', (order) => order.desc().nullsFirst())
      .execute();
    return { ...place, locks };
  },
});

export const hasPlace = async (db: Db, store: StoreKey, placeId: string): Promise<boolean> =>
  (await db
    .selectFrom('places')
    .select('place_id')
    .where((row) => row.and(rowsOfPlace(store, placeId)))
    .executeTakeFirst()) !== undefined;

/** Of `access_events`: what says so, and what says no place and is of a lock that was there then. */
export const happenedIn = (placeId: string): RawBuilder<boolean> => sql<boolean>`(
  body->>'place' = ${placeId} OR (body->>'place' IS NULL AND EXISTS (
    SELECT FROM occupancies
    WHERE occupancies.tenant_id = access_events.tenant_id AND occupancies.store_id = access_events.store_id
      AND occupancies.place_id = ${placeId} AND occupancies.serial_number = body->>'serialNumber'
      AND occupancies.since <= access_events.at
      AND (occupancies.until IS NULL OR access_events.at < occupancies.until))))`;
