/**
 * The kiosk's one file on disk: documents and notes behind synchronous, durable transactions.
 * Every method that writes throws an `AppFailure` (`storage.disk_full`, `storage.read_only`) and has then changed nothing.
 */
import { bringToCurrentFormat } from './file-format.ts';
import { assertDurable, makeDurable } from './durability.ts';
import { plainRows, type RowCodec } from './row-codec.ts';
import { sealFile, sealNote } from './sealed-file.ts';
import { firstValue, type OpenSqlConnection, type SqlConnection, type SqlRow } from './sql-connection.ts';
import { translateSqlError } from './sql-failure.ts';
import {
  DamagedFile,
  documentRows,
  loadDocuments,
  parseDocumentRow,
  readAll,
  rowColumns,
  documentOf,
  type LoadedDocument,
  type ReadRules,
} from './stored-rows.ts';

export interface DocumentChange {
  readonly id: string;
  readonly body: string;
  /** The row that this one replaces, if there is one. */
  readonly replaces: number | undefined;
}

export interface KioskFile {
  /** Whether all that is written can be read with the key only. */
  readonly isSealed: boolean;
  /** What the file held when it was opened, in the order of its changes; each collection can be taken once. */
  takeLoaded(collection: string): readonly LoadedDocument[];
  /** The document in this row; undefined where there is none or where it is not what was written. */
  readDocument(sequence: number): unknown;
  /** Writes all or nothing, durable when it returns; answers with the sequence number of each change. */
  writeDocuments(collection: string, changes: readonly DocumentChange[]): readonly number[];
  removeRows(sequences: readonly number[]): void;
  readNote(key: string): string | null;
  writeNote(key: string, value: string): void;
  /** Removes every document and note but the `kept` ones, and their traces in free pages and in the log. */
  eraseAll(kept?: readonly string[]): void;
  close(): void;
}

/** A file that is open, durable and whole as far as SQLite can tell; nothing of it has been read that a key would be needed for. */
export interface CheckedFile {
  readonly connection: SqlConnection;
  /** Reads what it holds. Throws `DamagedFile` or `LockedFile`, and is closed then. `rows`: its `documentRows`, where they are at hand. */
  read(codec: RowCodec, rows?: Iterable<SqlRow>): KioskFile;
  close(): void;
}

/** Throws `storage.in_use`, `storage.newer_version`, `storage.read_only`, `storage.disk_full` or `DamagedFile`. */
export const checkKioskFile = (
  path: string,
  open: OpenSqlConnection,
  rules: ReadRules = readAll,
): CheckedFile => {
  const connection = translated(() => open(path));
  const orClosed = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      connection.close();
      throw error;
    }
  };
  orClosed(() => {
    translated(() => {
      makeDurable(connection);
      assertDurable(connection);
      bringToCurrentFormat(connection);
    });
    // All pages are read twice now: mapped, that is a third of the work. Later reads and writes do without.
    connection.exec('PRAGMA mmap_size = 1073741824');
    const finding = String(firstValue(connection, 'PRAGMA quick_check(1)'));
    if (finding !== 'ok') throw new DamagedFile(finding);
  });
  return {
    connection,
    read: (codec, rows) =>
      orClosed(() => {
        const used = translated(() => sealFile(connection, codec));
        const loaded = loadDocuments(rows ?? documentRows(connection, rules, used.isSealed), rules, used);
        const file = createKioskFile(connection, loaded, used);
        connection.exec('PRAGMA mmap_size = 0');
        return file;
      }),
    close: () => connection.close(),
  };
};

/** Both at once. Throws `LockedFile` too. */
export const openKioskFile = (
  path: string,
  open: OpenSqlConnection,
  rules: ReadRules = readAll,
  codec: RowCodec = plainRows,
): KioskFile => checkKioskFile(path, open, rules).read(codec);

const createKioskFile = (
  connection: SqlConnection,
  loaded: ReturnType<typeof loadDocuments>,
  codec: RowCodec,
): KioskFile => {
  let lastSequence = Number(
    firstValue(connection, "SELECT seq FROM sqlite_sequence WHERE name = 'documents'") ?? 0,
  );
  const insertRow = connection.prepare(
    'INSERT INTO documents (sequence, collection, id, body, checksum) VALUES (?, ?, ?, ?, ?)',
  );
  const insert = (sequence: number, collection: string, { id, body }: DocumentChange): void => {
    const stored = codec.encode({ collection, sequence, id }, body);
    insertRow.run(sequence, collection, id, stored.body, stored.checksum);
  };
  const deleteRow = connection.prepare('DELETE FROM documents WHERE sequence = ?');
  const selectRow = connection.prepare(`SELECT ${rowColumns} FROM documents WHERE sequence = ?`);
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
    isSealed: codec.isSealed,
    takeLoaded: (collection) => {
      const rows = loaded.get(collection) ?? [];
      loaded.delete(collection);
      return rows;
    },
    readDocument: (sequence) => {
      const [row] = selectRow.all(sequence);
      return row ? documentOf(parseDocumentRow(row, codec)) : undefined;
    },
    writeDocuments: (collection, changes) => {
      const [only] = changes;
      if (only && changes.length === 1 && only.replaces === undefined) {
        // A single statement is a transaction by itself, at half the calls.
        translated(() => insert(lastSequence + 1, collection, only));
        lastSequence += 1;
        return [lastSequence];
      }
      const sequences: number[] = [];
      transaction(() => {
        for (const change of changes) {
          lastSequence += 1;
          if (change.replaces !== undefined) deleteRow.run(change.replaces);
          insert(lastSequence, collection, change);
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
      const [row] = selectNote.all(key);
      return row ? codec.decodeNote(key, row[0] ?? null) : null;
    },
    writeNote: (key, value) => transaction(() => upsertNote.run(key, codec.encodeNote(key, value))),
    eraseAll: (others = []) => {
      const kept = [...others, sealNote];
      const notes = connection.prepare(`DELETE FROM notes WHERE key NOT IN (${kept.map(() => '?').join()})`);
      transaction(() => {
        connection.exec('DELETE FROM documents');
        notes.run(...kept);
      });
      translated(() => connection.exec('VACUUM; PRAGMA wal_checkpoint(TRUNCATE);'));
    },
    close: () => connection.close(),
  };
};

const translated = <T>(work: () => T): T => {
  try {
    return work();
  } catch (error) {
    throw translateSqlError(error);
  }
};
