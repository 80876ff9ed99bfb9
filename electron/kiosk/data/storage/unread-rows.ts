/**
 * Rows of the file that nobody has asked for yet. Ten thousand keys are a list of names until one of them is needed: then
 * its row is read and put into the memory storage, as if it had been there all along.
 */
import type { RxDocumentData } from 'rxdb/plugins/core';
import type { RxStorageInstanceMemory } from 'rxdb/plugins/storage-memory';
import type { KioskFile } from './kiosk-file.ts';
import type { SequenceLog } from './sequence-log.ts';
import { isWriteRefused } from './sql-failure.ts';

/** Marks what the memory storage says while it is told what the file holds: to everyone else nothing has changed. */
export const loadContext = 'load-from-file';

export interface UnreadRows {
  has(id: string): boolean;
  /** Reads the rows of these ids, as far as they are unread. Synchronous: memory is complete when it returns. */
  read(ids: Iterable<string>): void;
  readAll(): void;
  /** Ids of all documents that are not deleted, read or not. */
  allIds(): string[];
}

export interface UnreadRowsOptions<T> {
  readonly memory: RxStorageInstanceMemory<T>;
  readonly file: Pick<KioskFile, 'readDocument' | 'removeRows'>;
  readonly log: SequenceLog;
  readonly toDocument: (document: unknown) => RxDocumentData<T> | null;
  /** Which rows are unread; each is in the log. */
  readonly ids: ReadonlySet<string>;
  /** The row can't be read any more and has been dropped. */
  readonly onUnreadable: (id: string) => void;
}

/** Where nothing can be written the row stays: what is read with it must not be lost for it. */
export const dropRow = (file: Pick<KioskFile, 'removeRows'>, sequence: number): void => {
  try {
    file.removeRows([sequence]);
  } catch (error) {
    if (!isWriteRefused(error)) throw error;
  }
};

export const createUnreadRows = <T>(options: UnreadRowsOptions<T>): UnreadRows => {
  const { memory, file, log, toDocument, onUnreadable } = options;
  const waiting = new Set(options.ids);

  const readOne = (id: string): RxDocumentData<T>[] => {
    const sequence = log.of(id);
    if (!waiting.delete(id) || sequence === undefined) return [];
    const document = toDocument(file.readDocument(sequence));
    if (document) return [document];
    log.forget(id);
    dropRow(file, sequence);
    onUnreadable(id);
    return [];
  };

  const read = (ids: Iterable<string>): void => {
    if (waiting.size === 0) return;
    const documents = [...ids].flatMap(readOne);
    if (documents.length === 0) return;
    // What it answers is known: none of them was there before. It has changed by the time it returns.
    void memory.bulkWrite(
      documents.map((document) => ({ document })),
      loadContext,
    );
  };

  return {
    has: (id) => waiting.has(id),
    read,
    readAll: () => read([...waiting]),
    allIds: () => {
      memory.ensurePersistence();
      const { documents } = memory.internals;
      return [...log.ids()].filter((id) => waiting.has(id) || documents.get(id)?._deleted === false);
    },
  };
};
