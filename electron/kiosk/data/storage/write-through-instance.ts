/** One collection of the write-through storage. */
import { filter, map } from 'rxjs';
import {
  categorizeBulkWriteRows,
  type BulkWriteRowProcessed,
  type RxStorageInstance,
} from 'rxdb/plugins/core';
import type {
  MemoryStorageInternals,
  RxStorageInstanceMemory,
  RxStorageMemoryInstanceCreationOptions,
} from 'rxdb/plugins/storage-memory';
import type { DocumentChange, KioskFile } from './kiosk-file.ts';
import type { SequenceCheckpoint, SequenceLog } from './sequence-log.ts';
import { loadContext, type UnreadRows } from './unread-rows.ts';

type Instance<T> = RxStorageInstance<
  T,
  MemoryStorageInternals<T>,
  RxStorageMemoryInstanceCreationOptions,
  SequenceCheckpoint
>;

/**
 * `memory` must hold what the file holds of this collection, but for `unread`, and `log` its sequence numbers.
 * `bulkWrite` rejects with `storage.disk_full` or `storage.read_only`; memory, readers and subscribers have then seen nothing.
 */
export const createWriteThroughInstance = <T>(
  memory: RxStorageInstanceMemory<T>,
  file: KioskFile,
  log: SequenceLog,
  unread: UnreadRows,
): Instance<T> => {
  const { collectionName } = memory;
  // RxDB types it as a key of the document with RxDB's own fields, none of which can be the primary one.
  const primaryPath = memory.primaryPath as Extract<keyof T, string>;

  const toChange = ({ document }: BulkWriteRowProcessed<T>): DocumentChange => {
    const id = String(document[primaryPath]);
    return { id, body: JSON.stringify(document), replaces: log.of(id) };
  };

  const commit = (rows: readonly BulkWriteRowProcessed<T>[]): void => {
    const changes = rows.map(toChange);
    const sequences = file.writeDocuments(collectionName, changes);
    for (const [index, { id }] of changes.entries()) {
      const sequence = sequences[index];
      if (sequence !== undefined) log.record(id, sequence);
    }
  };

  /** Drops from the file what a clean-up has taken out of memory. A row that stays by a failure is a tombstone at most. */
  const dropMissing = (): void => {
    const missing = [...log.ids()].filter((id) => !memory.internals.documents.has(id) && !unread.has(id));
    file.removeRows(missing.map((id) => log.of(id)).filter((sequence) => sequence !== undefined));
    for (const id of missing) log.forget(id);
  };

  return {
    databaseName: memory.databaseName,
    collectionName,
    internals: memory.internals,
    options: memory.options,
    schema: memory.schema,

    // No await before memory has changed: between commit and memory no other code runs.
    async bulkWrite(rows, context) {
      unread.read(rows.map(({ document }) => String(document[primaryPath])));
      // The memory storage indexes lazily; what it decides on has to be complete.
      memory.ensurePersistence();
      const planned = categorizeBulkWriteRows<T>(
        memory,
        primaryPath,
        memory.internals.documents,
        rows,
        context,
      );
      const accepted = [...planned.bulkInsertDocs, ...planned.bulkUpdateDocs];
      if (accepted.length > 0) commit(accepted);
      return memory.bulkWrite(rows, context);
    },
    findDocumentsById: (ids, withDeleted) => {
      unread.read(ids);
      return memory.findDocumentsById(ids, withDeleted);
    },
    query: (query) => {
      unread.readAll();
      return memory.query(query);
    },
    count: (query) => {
      unread.readAll();
      return memory.count(query);
    },
    getAttachmentData: (documentId, attachmentId, digest) =>
      memory.getAttachmentData(documentId, attachmentId, digest),
    async getChangedDocumentsSince(limit, checkpoint) {
      const start = checkpoint ?? { sequence: 0 };
      const changed = log.since(start.sequence, limit);
      const ids = changed.map(({ id }) => id);
      unread.read(ids);
      const documents = await memory.findDocumentsById(ids, true);
      return { documents, checkpoint: { sequence: changed.at(-1)?.sequence ?? start.sequence } };
    },
    // Events fire inside of `memory.bulkWrite`, right after the commit, so the log's last number is that of the event.
    changeStream: () =>
      memory.changeStream().pipe(
        filter(({ context }) => context !== loadContext),
        map((bulk) => ({ ...bulk, checkpoint: { sequence: log.last } })),
      ),
    async cleanup(minimumDeletedTime) {
      const done = await memory.cleanup(minimumDeletedTime);
      dropMissing();
      return done;
    },
    async remove() {
      file.removeRows([...log.ids()].map((id) => log.of(id)).filter((sequence) => sequence !== undefined));
      await memory.remove();
    },
    close: () => memory.close(),
  };
};
