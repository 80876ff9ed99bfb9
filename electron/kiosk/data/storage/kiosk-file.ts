/**
 * The kiosk's one file on disk: documents and notes behind synchronous, durable transactions.
 * Every method that writes throws an `AppFailure` (`storage.disk_full`, `storage.read_only`) and has then changed nothing.
 */
import { bringToCurrentFormat } from './file-format.ts';
import { assertDurable, makeDurable } from './durability.ts';
import { firstValue, type OpenSqlConnection, type SqlConnection, type SqlRow } from './sql-connection.ts';
import { translateSqlError } from './sql-failure.ts';

/** One stored document; `body` is its JSON. */
export interface StoredDocument {
  readonly sequence: number;
  readonly id: string;
  readonly body: string;
}

/** A document as it was when the file was opened; undefined where its JSON can't be read any more. */
export interface LoadedDocument {
  readonly sequence: number;
  readonly id: string;
  readonly document: unknown;
}

export interface DocumentChange {
  readonly id: string;
  readonly body: string;
  /** The row that this one replaces, if there is one. */
  readonly replaces: number | undefined;
}

export interface KioskFile {
  /** What the file held when it was opened, in the order of its changes; each collection can be taken once. */
  takeLoaded(collection: string): readonly LoadedDocument[];
  /** Writes all or nothing, durable when it returns; answers with the sequence number of each change. */
  writeDocuments(collection: string, changes: readonly DocumentChange[]): readonly number[];
  removeRows(sequences: readonly number[]): void;
  readNote(key: string): string | null;
  writeNote(key: string, value: string): void;
  /** Removes every document and note, and their traces in free pages and in the log. */
  eraseAll(): void;
  close(): void;
}

/** The file is not a database, or its pages contradict each other. */
export class DamagedFile extends Error {
  constructor(finding: string, options?: ErrorOptions) {
    super(`the file is damaged: ${finding}`, options);
    this.name = 'DamagedFile';
  }
}

/** Throws `storage.in_use`, `storage.newer_version`, `storage.read_only`, `storage.disk_full` or `DamagedFile`. */
export const openKioskFile = (path: string, open: OpenSqlConnection): KioskFile => {
  const connection = translated(() => open(path));
  try {
    translated(() => {
      makeDurable(connection);
      assertDurable(connection);
      bringToCurrentFormat(connection);
    });
    // All pages are read twice now: mapped, that is a third of the work. Later reads and writes do without.
    connection.exec('PRAGMA mmap_size = 1073741824');
    const finding = String(firstValue(connection, 'PRAGMA quick_check(1)'));
    if (finding !== 'ok') throw new DamagedFile(finding);
    const file = createKioskFile(connection);
    connection.exec('PRAGMA mmap_size = 0');
    return file;
  } catch (error) {
    connection.close();
    throw error;
  }
};

const createKioskFile = (connection: SqlConnection): KioskFile => {
  const loaded = loadDocuments(connection);
  let lastSequence = Number(
    firstValue(connection, "SELECT seq FROM sqlite_sequence WHERE name = 'documents'") ?? 0,
  );
  const insertRow = connection.prepare(
    'INSERT INTO documents (sequence, collection, id, body) VALUES (?, ?, ?, ?)',
  );
  const deleteRow = connection.prepare('DELETE FROM documents WHERE sequence = ?');
  const selectNote = connection.prepare('SELECT value FROM notes WHERE key = ?');
  const upsertNote = connection.prepare(
    'INSERT INTO notes (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
  );

  const transaction = (work: () => void): void =>
    translated(() => {
      try {
        connection.exec('BEGIN IMMEDIATE');
        work();
        connection.exec('COMMIT');
      } catch (error) {
        // On a full disk SQLite may have rolled back by itself.
        if (connection.inTransaction) connection.exec('ROLLBACK');
        throw error;
      }
    });

  return {
    takeLoaded: (collection) => {
      const rows = loaded.get(collection) ?? [];
      loaded.delete(collection);
      return rows;
    },
    writeDocuments: (collection, changes) => {
      const [only] = changes;
      if (only && changes.length === 1 && only.replaces === undefined) {
        // A single statement is a transaction by itself, at half the calls.
        translated(() => insertRow.run(lastSequence + 1, collection, only.id, only.body));
        lastSequence += 1;
        return [lastSequence];
      }
      const sequences: number[] = [];
      transaction(() => {
        for (const { id, body, replaces } of changes) {
          lastSequence += 1;
          if (replaces !== undefined) deleteRow.run(replaces);
          insertRow.run(lastSequence, collection, id, body);
          sequences.push(lastSequence);
        }
      });
      return sequences;
    },
    removeRows: (sequences) =>
      transaction(() => {
        for (const sequence of sequences) deleteRow.run(sequence);
      }),
    readNote: (key) => {
      const value = selectNote.all(key)[0]?.[0];
      return typeof value === 'string' ? value : null;
    },
    writeNote: (key, value) => transaction(() => upsertNote.run(key, value)),
    eraseAll: () => {
      transaction(() => connection.exec('DELETE FROM documents; DELETE FROM notes;'));
      translated(() => connection.exec('VACUUM; PRAGMA wal_checkpoint(TRUNCATE);'));
    },
    close: () => connection.close(),
  };
};

/** Parses row by row: ten thousand texts at once would be twice the memory, and a pause to collect them. */
const loadDocuments = (connection: SqlConnection): Map<string, LoadedDocument[]> => {
  const byCollection = new Map<string, LoadedDocument[]>();
  const rows = connection.prepare('SELECT sequence, collection, id, body FROM documents ORDER BY sequence');
  for (const row of rows.iterate()) {
    const [collection, { sequence, id, body }] = parseDocumentRow(row);
    const loaded = { sequence, id, document: parseBody(body) };
    const documents = byCollection.get(collection);
    if (documents) documents.push(loaded);
    else byCollection.set(collection, [loaded]);
  }
  return byCollection;
};

const parseBody = (body: string): unknown => {
  try {
    return JSON.parse(body);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
};

/** Codec of a row `sequence, collection, id, body`. */
export const parseDocumentRow = (row: SqlRow): [collection: string, StoredDocument] => {
  const [sequence, collection, id, body] = row;
  if (typeof collection !== 'string' || typeof id !== 'string' || typeof body !== 'string') {
    throw new DamagedFile('a document row has values of other types');
  }
  return [collection, { sequence: Number(sequence), id, body }];
};

const translated = <T>(work: () => T): T => {
  try {
    return work();
  } catch (error) {
    throw translateSqlError(error);
  }
};
