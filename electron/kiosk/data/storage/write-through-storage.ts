/**
 * RxDB storage that keeps what it is told: RxDB's own memory storage answers every read and query, and one synchronous
 * SQLite transaction commits each write before memory changes and before any event fires.
 */
import {
  type RxStorage,
  type RxStorageInstance,
  type RxStorageInstanceCreationParams,
  type RxDocumentData,
} from 'rxdb/plugins/core';
import {
  createMemoryStorageInstance,
  getRxStorageMemory,
  type MemoryStorageInternals,
  type RxStorageMemoryInstanceCreationOptions,
} from 'rxdb/plugins/storage-memory';
import type { KioskFile } from './kiosk-file.ts';
import { unread } from './stored-rows.ts';
import { createUnreadRows, dropRow, loadContext } from './unread-rows.ts';
import { createSequenceLog } from './sequence-log.ts';
import { createWriteThroughInstance } from './write-through-instance.ts';

export interface WriteThroughOptions {
  /** It may come later: RxDB makes ready what needs none until then. */
  readonly file: KioskFile | Promise<KioskFile>;
  /**
   * Collections that are kept on disk. RxDB's internal ones are rebuilt at each start, so that what it notes there about
   * schemas never stands against the file's own format version.
   */
  readonly isDurable: (collection: string) => boolean;
  /** A stored document that is not what was written; its row has been dropped, unless the disk takes nothing. */
  readonly onUnreadable: (file: KioskFile, collection: string, id: string) => void;
}

type Internals<T> = MemoryStorageInternals<T>;
export type WriteThroughStorage = RxStorage<unknown, RxStorageMemoryInstanceCreationOptions> & {
  /** The ids of a durable collection that is open, without reading its documents. */
  idsOf(collection: string): string[];
};

export const createWriteThroughStorage = (options: WriteThroughOptions): WriteThroughStorage => {
  const { isDurable, onUnreadable } = options;
  const memoryStorage = getRxStorageMemory();
  // The memory storage shares its state between all databases of a process; this file's documents are this storage's alone.
  memoryStorage.collectionStates = new Map();

  const idsByCollection = new Map<string, () => string[]>();

  const createStorageInstance = async <T>(
    params: RxStorageInstanceCreationParams<T, RxStorageMemoryInstanceCreationOptions>,
  ): Promise<RxStorageInstance<T, Internals<T>, RxStorageMemoryInstanceCreationOptions>> => {
    const memory = await createMemoryStorageInstance(memoryStorage, params, {});
    if (!isDurable(params.collectionName)) return memory;
    const file = await options.file;
    const log = createSequenceLog();
    const documents: RxDocumentData<T>[] = [];
    const unreadIds = new Set<string>();
    for (const row of file.takeLoaded(params.collectionName)) {
      const isUnread = row.document === unread;
      const document = isUnread ? null : toDocument<T>(row.document);
      if (isUnread) unreadIds.add(row.id);
      if (document) documents.push(document);
      if (document || isUnread) log.record(row.id, row.sequence);
      else {
        dropRow(file, row.sequence);
        onUnreadable(file, params.collectionName, row.id);
      }
    }
    if (documents.length > 0) {
      await memory.bulkWrite(
        documents.map((document) => ({ document })),
        loadContext,
      );
    }
    const rows = createUnreadRows({
      memory,
      file,
      log,
      toDocument,
      ids: unreadIds,
      onUnreadable: (id) => onUnreadable(file, params.collectionName, id),
    });
    idsByCollection.set(params.collectionName, () => rows.allIds());
    return createWriteThroughInstance(memory, file, log, rows);
  };

  return {
    name: 'write-through',
    rxdbVersion: memoryStorage.rxdbVersion,
    createStorageInstance,
    idsOf: (collection) => idsByCollection.get(collection)?.() ?? [],
  };
};

/** Codec: zod has seen the document before it was written; here it only has to be a whole one. */
const toDocument = <T>(document: unknown): RxDocumentData<T> | null =>
  typeof document === 'object' && document !== null && '_rev' in document
    ? (document as RxDocumentData<T>)
    : null;
