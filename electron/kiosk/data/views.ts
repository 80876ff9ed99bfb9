/** The pulled collections, each with its live view. */
import type { RxCollection } from 'rxdb/plugins/core';
import type { KioskDatabase } from './database.ts';
import { createLiveMap, type LiveMap } from './live-map.ts';
import { createStoredCollection, type StoredCollection } from './stored-collection.ts';

export interface View<T, V = T> {
  readonly stored: StoredCollection<T>;
  readonly live: LiveMap<V>;
}

const createView = async <T extends object, V>(
  collection: RxCollection<T>,
  idOf: (document: T) => string,
  pick: (document: T) => V,
): Promise<View<T, V>> => {
  const stored = createStoredCollection(collection, idOf);
  return { stored, live: await createLiveMap(stored, idOf, pick) };
};

const whole = <T>(document: T): T => document;

export const createViews = async (database: KioskDatabase) => ({
  store: await createView(database.store, ({ storeId }) => storeId, whole),
  locks: await createView(database.locks, ({ serialNumber }) => serialNumber, whole),
  // Only which keys there are is held twice, never what is in them.
  keyCertificates: await createView(
    database.keyCertificates,
    ({ serialNumber }) => serialNumber,
    () => null,
  ),
  trust: await createView(database.trust, ({ trustId }) => trustId, whole),
  staff: await createView(database.staff, ({ staffId }) => staffId, whole),
});
export type Views = Awaited<ReturnType<typeof createViews>>;
