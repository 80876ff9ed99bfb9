/** What can still be read of a damaged file, and is nowhere else. */
import type { OpenSqlConnection, SqlConnection } from './sql-connection.ts';
import type { RowCodec } from './row-codec.ts';
import { isDamage } from './sql-failure.ts';
import {
  DamagedFile,
  parseDocumentRow,
  rowColumns,
  documentOf,
  type ReadRules,
  type StoredDocument,
} from './stored-rows.ts';

type SavedDocument = StoredDocument & { readonly body: string };

export interface Salvaged {
  readonly documents: ReadonlyMap<string, readonly SavedDocument[]>;
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
export const salvage = (
  path: string,
  open: OpenSqlConnection,
  { elsewhere }: ReadRules,
  codec: RowCodec,
): Salvaged => {
  const documents = new Map<string, SavedDocument[]>();
  const notes = new Map<string, string>();
  reading(() => {
    const connection = open(path, { salvaging: true });
    try {
      for (const document of readDocuments(connection, codec)) {
        const { collection, body } = document;
        if (body === null || elsewhere.has(collection) || documentOf(document) === undefined) continue;
        const rows = documents.get(collection);
        const saved = { ...document, body };
        if (rows) rows.push(saved);
        else documents.set(collection, [saved]);
      }
      reading(() => {
        const select = connection.prepare('SELECT key, value FROM notes');
        for (const [key, stored = null] of select.iterate()) {
          const value = typeof key === 'string' ? codec.decodeNote(key, stored) : null;
          if (typeof key === 'string' && value !== null) notes.set(key, value);
        }
      });
    } finally {
      connection.close();
    }
  });
  return { documents, notes };
};

/** Around the damage: a bad page hides only what was on it. */
const readDocuments = (connection: SqlConnection, codec: RowCodec): readonly StoredDocument[] => {
  const found = new Map<number, StoredDocument>();
  // The columns of this format, or else of the one before checksums.
  for (const columns of [rowColumns, rowColumns.replace('checksum', 'NULL')]) {
    if (found.size > 0) break;
    /** Up to the first damage; answers with the last row's number, null where there was none. */
    const readFrom = (condition: string, order: 'ASC' | 'DESC', ...bounds: number[]): number | null => {
      let last: number | null = null;
      reading(() => {
        const select = `SELECT ${columns} FROM documents WHERE ${condition} ORDER BY sequence ${order}`;
        for (const row of connection.prepare(select).iterate(...bounds)) {
          const document = parseDocumentRow(row, codec);
          found.set(document.sequence, document);
          last = document.sequence;
        }
      });
      return last;
    };
    const first = readFrom('TRUE', 'ASC') ?? 0;
    const last = readFrom('TRUE', 'DESC') ?? first;
    // Each number in between once: a bad page may hold rows of any of them.
    for (let next = first + 1; next < last;) {
      next = (readFrom('sequence >= ? AND sequence < ?', 'ASC', next, last) ?? next) + 1;
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
