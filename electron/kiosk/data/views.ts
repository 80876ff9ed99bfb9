/** The pulled collections, each with its live view. */
import type { RxCollection } from 'rxdb/plugins/core';
import type { KioskDatabase, OpenedDatabase } from './database.ts';
import { createLiveIds, createLiveMap, type LiveMap } from './live-map.ts';
import { createStoredCollection, type StoredCollection } from './stored-collection.ts';

export interface View<T, V = T> {
  readonly stored: StoredCollection<T>;
  readonly live: LiveMap<V>;
}

const createView = async <T extends object>(
  collection: RxCollection<T>,
  idOf: (document: T) => string,
): Promise<View<T>> => {
  const stored = createStoredCollection(collection, idOf);
  return { stored, live: await createLiveMap(stored, idOf, (document) => document) };
};

/** Only which documents there are is held twice, never what is in them. */
const createIdView = <T extends object>(
  collection: RxCollection<T>,
  idOf: (document: T) => string,
  ids: readonly string[],
): View<T, null> => {
  const stored = createStoredCollection(collection, idOf);
  return { stored, live: createLiveIds(stored, ids) };
};

export const createViews = async (database: KioskDatabase, idsOf: OpenedDatabase['idsOf']) => ({
  store: await createView(database.store, ({ storeId }) => storeId),
  locks: await createView(database.locks, ({ serialNumber }) => serialNumber),
  keyCertificates: createIdView(
    database.keyCertificates,
    ({ serialNumber }) => serialNumber,
    idsOf('keyCertificates'),
  ),
  trust: await createView(database.trust, ({ trustId }) => trustId),
  staff: await createView(database.staff, ({ staffId }) => staffId),
});
export type Views = Awaited<ReturnType<typeof createViews>>;
