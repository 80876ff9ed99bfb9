/** What can still be read of a damaged file, and is nowhere else. */
import type { OpenSqlConnection, SqlConnection } from './sql-connection.ts';
import { isDamage } from './sql-failure.ts';
import {
  DamagedFile,
  parseDocumentRow,
  rowColumns,
  toDocument,
  type ReadRules,
  type StoredDocument,
} from './stored-rows.ts';

export interface Salvaged {
  readonly documents: ReadonlyMap<string, readonly StoredDocument[]>;
  readonly notes: ReadonlyMap<string, string>;
}

/** Of two rows with one sequence number the second's counts, and so do its notes. */
export const both = (first: Salvaged, second: Salvaged): Salvaged => {
  const documents = new Map(first.documents);
  for (const [collection, rows] of second.documents) {
    const bySequence = new Map(
      [...(documents.get(collection) ?? []), ...rows].map((row) => [row.sequence, row]),
    );
    documents.set(
      collection,
      [...bySequence.values()].sort((a, b) => a.sequence - b.sequence),
    );
  }
  return { documents, notes: new Map([...first.notes, ...second.notes]) };
};

/** Reads what is whole of the collections that are nowhere else, and of the notes. Never throws for damage: it answers with less. */
export const salvage = (path: string, open: OpenSqlConnection, { elsewhere }: ReadRules): Salvaged => {
  const documents = new Map<string, StoredDocument[]>();
  const notes = new Map<string, string>();
  reading(() => {
    const connection = open(path, { salvaging: true });
    try {
      for (const document of readDocuments(connection)) {
        const { collection } = document;
        if (elsewhere.has(collection) || toDocument(document) === undefined) continue;
        const rows = documents.get(collection);
        if (rows) rows.push(document);
        else documents.set(collection, [document]);
      }
      reading(() => {
        for (const [key, value] of connection.prepare('SELECT key, value FROM notes').iterate()) {
          if (typeof key === 'string' && typeof value === 'string') notes.set(key, value);
        }
      });
    } finally {
      connection.close();
    }
  });
  return { documents, notes };
};

/** From both ends towards the damage: a bad page in the middle hides neither the oldest nor the newest rows. */
const readDocuments = (connection: SqlConnection): readonly StoredDocument[] => {
  const found = new Map<number, StoredDocument>();
  // The columns of this format, or else of the one before checksums.
  for (const columns of [rowColumns, rowColumns.replace('checksum', 'NULL')]) {
    if (found.size > 0) break;
    for (const order of ['ASC', 'DESC']) {
      reading(() => {
        const rows = connection
          .prepare(`SELECT ${columns} FROM documents ORDER BY sequence ${order}`)
          .iterate();
        for (const row of rows) {
          const document = parseDocumentRow(row);
          found.set(document.sequence, document);
        }
      });
    }
  }
  return [...found.values()].sort((a, b) => a.sequence - b.sequence);
};

/** Runs a read that damage may end. Anything else that goes wrong is thrown. */
const reading = (work: () => void): void => {
  try {
    work();
  } catch (error) {
    if (!isDamage(error) && !(error instanceof DamagedFile) && !isMissingTable(error)) throw error;
  }
};

const isMissingTable = (error: unknown): boolean =>
  error instanceof Error && /no such (table|column)|malformed/i.test(error.message);
