/** Plain documents in, plain documents out: RxDB's own fields stop here. */
import { setImmediate } from 'node:timers/promises';
import { map, type Observable } from 'rxjs';
import type { RxCollection, RxDocumentData, BulkWriteRow } from 'rxdb/plugins/core';

/** What a batch of writes did to a collection: the new document per id, null where it was removed. */
export type Changes<T> = readonly { readonly id: string; readonly document: T | null }[];

export interface StoredCollection<T> {
  readonly name: string;
  all(): Promise<T[]>;
  /** What `look` sees in each. */
  read<R>(look: (document: T) => R): Promise<R[]>;
  get(id: string): Promise<T | null>;
  /** Those of these that are there, in any order. */
  some(ids: readonly string[]): Promise<T[]>;
  /** One durable transaction for all. Rejects with an `AppFailure` for a full or read-only disk, having changed nothing. */
  write(documents: readonly T[]): Promise<void>;
  /** Removes them for good; ids that are not there are ignored. */
  remove(ids: readonly string[]): Promise<void>;
  /** Removes all. */
  clear(): Promise<void>;
  readonly changes$: Observable<Changes<T>>;
}

/** Two writers of one document in between read and write: the second reads again, at most this often. */
const attempts = 5;

/** A clearing lets everything else have its turn in between. */
const clearedAtOnce = 100;

/** Older than any clock can say, so that a tombstone goes at once even after the clock went back. */
const atOnce = -Number.MAX_SAFE_INTEGER;

export const createStoredCollection = <T extends object>(
  collection: RxCollection<T>,
  idOf: (document: T) => string,
): StoredCollection<T> => {
  const { storageInstance, name } = collection;

  const writeRows = async (
    ids: readonly string[],
    toRow: (id: string, previous: RxDocumentData<T> | undefined) => BulkWriteRow<T> | null,
    attempt = 1,
  ): Promise<void> => {
    const stored = await storageInstance.findDocumentsById([...ids], true);
    const previous = new Map(stored.map((document) => [idOf(document), document]));
    const rows = ids.map((id) => toRow(id, previous.get(id))).filter((row) => row !== null);
    if (rows.length === 0) return;
    const { error } = await storageInstance.bulkWrite(rows, `data-${name}`);
    if (error.length === 0) return;
    if (attempt === attempts)
      throw new Error(`${name}: a document changed during each of ${attempts} writes`);
    await writeRows(
      error.map(({ documentId }) => documentId),
      toRow,
      attempt + 1,
    );
  };

  /** Past RxDB's queries, which would make an object with methods of each of ten thousand documents. */
  const readAll = async (): Promise<RxDocumentData<T>[]> => {
    const changed = await storageInstance.getChangedDocumentsSince?.(Number.MAX_SAFE_INTEGER);
    return changed?.documents.filter(({ _deleted }) => !_deleted) ?? [];
  };

  const remove = async (ids: readonly string[]): Promise<void> => {
    await writeRows(ids, (_id, previous) =>
      previous && !previous._deleted
        ? { previous, document: { ...previous, _deleted: true, _attachments: {} } }
        : null,
    );
    await storageInstance.cleanup(atOnce);
  };

  return {
    name,
    all: async () => (await readAll()).map(toPlain),
    read: async (look) => (await readAll()).map((document) => look(document)),
    get: async (id) => {
      const [document] = await storageInstance.findDocumentsById([id], false);
      return document ? toPlain(document) : null;
    },
    some: async (ids) => (await storageInstance.findDocumentsById([...ids], false)).map(toPlain),
    write: async (documents) => {
      // Of two documents with one id the later counts.
      const byId = new Map(documents.map((document) => [idOf(document), document]));
      await writeRows([...byId.keys()], (id, previous) => {
        const document = byId.get(id);
        if (!document) return null;
        const row = { document: { ...document, ...freshMeta() } };
        return previous ? { ...row, previous } : row;
      });
    },
    remove,
    clear: async () => {
      // The newest first: RxDB's memory moves all that comes after each.
      const ids = (await readAll()).map(idOf).reverse();
      for (let first = 0; first < ids.length; first += clearedAtOnce) {
        await remove(ids.slice(first, first + clearedAtOnce));
        await setImmediate();
      }
    },
    changes$: storageInstance.changeStream().pipe(
      map(({ events }) =>
        events.map(({ documentId, operation, documentData }) => ({
          id: documentId,
          document: operation === 'DELETE' ? null : toPlain(documentData),
        })),
      ),
    ),
  };
};

/** RxDB fills in revision and time of each write itself. */
const freshMeta = () => ({ _deleted: false, _attachments: {}, _rev: '', _meta: { lwt: 1 } });

const ownFields: ReadonlySet<string> = new Set(['_deleted', '_attachments', '_rev', '_meta']);

/** Codec: leaves out RxDB's own fields, which no model has. */
const toPlain = <T extends object>(document: RxDocumentData<T>): T => {
  // Built up and never cut down: deleting from a copy would leave it as a slow and large object.
  const plain: Partial<Record<string, unknown>> = {};
  for (const [field, value] of Object.entries(document)) if (!ownFields.has(field)) plain[field] = value;
  return plain as T;
};
