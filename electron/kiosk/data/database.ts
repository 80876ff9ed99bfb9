/** The kiosk's RxDB database on the write-through storage. */
import {
  createRxDatabase,
  type RxCollection,
  type RxCollectionCreator,
  type RxDatabase,
} from 'rxdb/plugins/core';
import { collectionNames, type CollectionName } from '#shared/models/documents.ts';
import type { KioskFile } from './storage/kiosk-file.ts';
import { createWriteThroughStorage, type WriteThroughOptions } from './storage/write-through-storage.ts';
import { rxSchemas, type StoredTypes } from './schemas.ts';

export type KioskCollections = { readonly [N in CollectionName]: RxCollection<StoredTypes[N]> };
export type KioskDatabase = RxDatabase<KioskCollections>;

export interface OpenDatabaseOptions {
  readonly file: Promise<KioskFile>;
  /** Names the database within this process; two open at once must differ. */
  readonly name: string;
  readonly onUnreadable: WriteThroughOptions['onUnreadable'];
}

const isCollection = (name: string): boolean => collectionNames.some((known) => known === name);

export interface OpenedDatabase {
  readonly database: KioskDatabase;
  /** The ids of a collection, without reading its documents. */
  readonly idsOf: (collection: CollectionName) => string[];
}

/**
 * RxDB without its licence allows 13 open collections in a process: a process holds one kiosk. Rejects with what `file` rejects
 * with.
 */
export const openKioskDatabase = async (options: OpenDatabaseOptions): Promise<OpenedDatabase> => {
  const { file, name, onUnreadable } = options;
  const storage = createWriteThroughStorage({ file, isDurable: isCollection, onUnreadable });
  const database = await createRxDatabase<KioskCollections>({
    name,
    storage,
    // One process owns the file, so there is no one to tell and no leader to elect.
    multiInstance: false,
    eventReduce: true,
    localDocuments: false,
  });
  const creators = Object.fromEntries(
    collectionNames.map((collection): [string, RxCollectionCreator] => [
      collection,
      { schema: rxSchemas[collection] },
    ]),
  );
  try {
    await database.addCollections(creators);
  } catch (error) {
    await database.close();
    throw error;
  }
  return { database, idsOf: (collection) => storage.idsOf(collection) };
};
