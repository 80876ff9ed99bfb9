/**
 * The file's sealed formats. A file of an earlier release holds its rows in the open: they are sealed in one transaction, and then
 * the pages and the log in which they were are written anew, so that nothing of them is left in either.
 */
import { firstValue, type SqlConnection } from './sql-connection.ts';
import { formatSteps } from './file-format.ts';
import { plainRows, type RowCodec } from './row-codec.ts';
import { isWriteRefused, translateSqlError } from './sql-failure.ts';
import { DamagedFile, parseDocumentRow, rowColumns } from './stored-rows.ts';

/** All rows are sealed; what they were in the open may still lie in free pages and in the log. */
const sealingFormat = formatSteps.length + 1;
/** Nothing is left of that. */
export const sealedFormat = sealingFormat + 1;

/** A note that every sealed file has: with it, a file that is sealed with another key is told from one that is damaged. */
export const sealNote = 'sealed';

/** The file is sealed, and not with this key. It is whole as far as anybody can tell, and nothing may be put in its place. */
export class LockedFile extends Error {
  constructor() {
    super('the file is sealed with another key');
    this.name = 'LockedFile';
  }
}

const formatOf = (connection: SqlConnection): number =>
  Number(firstValue(connection, 'PRAGMA user_version') ?? 0);

/**
 * Seals a file whose rows are still in the open, and answers with how it is read and written from now on: in the open for as long as
 * the disk takes nothing. Throws `LockedFile` for one that is sealed with another key, and `DamagedFile` for one in the open where
 * no such file is believed (any more), and for a note that is not what was written.
 */
export const sealFile = (connection: SqlConnection, codec: RowCodec): RowCodec => {
  if (!codec.isSealed) {
    if (formatOf(connection) >= sealingFormat) throw new LockedFile();
    return codec;
  }
  if (formatOf(connection) < sealingFormat) {
    const isEmpty = ['documents', 'notes'].every(
      (table) => firstValue(connection, `SELECT count(*) FROM ${table}`) === 0,
    );
    if (!isEmpty && !codec.takesPlain) throw new DamagedFile('it is not sealed');
    try {
      sealRows(connection, codec, isEmpty ? sealedFormat : sealingFormat);
    } catch (error) {
      if (isEmpty || !isWriteRefused(translateSqlError(error))) throw error;
      return plainRows;
    }
  }
  if (formatOf(connection) < sealedFormat) leaveNoTrace(connection);
  refuseOtherKey(connection, codec);
  return codec;
};

const sealRows = (connection: SqlConnection, codec: RowCodec, format: number): void => {
  connection.exec('BEGIN IMMEDIATE');
  try {
    const sequences = connection.prepare('SELECT sequence FROM documents ORDER BY sequence').all();
    const select = connection.prepare(`SELECT ${rowColumns} FROM documents WHERE sequence = ?`);
    const update = connection.prepare('UPDATE documents SET body = ?, checksum = ? WHERE sequence = ?');
    for (const [sequence = null] of sequences) {
      const [row] = select.all(sequence);
      if (!row) continue;
      const document = parseDocumentRow(row, plainRows);
      // What is not what was written must not become it: it stays unreadable, and is dealt with as that when it is read.
      const sealed =
        document.body === null
          ? { body: new Uint8Array(), checksum: null }
          : codec.encode(document, document.body);
      update.run(sealed.body, sealed.checksum, sequence);
    }
    const put = connection.prepare('INSERT OR REPLACE INTO notes (key, value) VALUES (?, ?)');
    for (const [key = null, value = null] of connection.prepare('SELECT key, value FROM notes').all()) {
      put.run(key, codec.encodeNote(String(key), String(value)));
    }
    put.run(sealNote, codec.encodeNote(sealNote, ''));
    connection.exec(`PRAGMA user_version = ${format}`);
    connection.exec('COMMIT');
  } catch (error) {
    if (connection.inTransaction) connection.exec('ROLLBACK');
    throw error;
  }
};

/** On a disk that takes nothing now, the next start does it. */
const leaveNoTrace = (connection: SqlConnection): void => {
  try {
    connection.exec('VACUUM; PRAGMA wal_checkpoint(TRUNCATE);');
    connection.exec(`PRAGMA user_version = ${sealedFormat}`);
  } catch (error) {
    if (!isWriteRefused(translateSqlError(error))) throw error;
  }
};

const refuseOtherKey = (connection: SqlConnection, codec: RowCodec): void => {
  let opened = 0;
  let failed = 0;
  for (const [key = null, value = null] of connection.prepare('SELECT key, value FROM notes').all()) {
    if (codec.decodeNote(String(key), value) === null) failed += 1;
    else opened += 1;
  }
  if (opened === 0 && !opensAnything(connection, codec)) throw new LockedFile();
  if (failed > 0) throw new DamagedFile('a note is not what was written');
};

const opensAnything = (connection: SqlConnection, codec: RowCodec): boolean => {
  for (const row of connection.prepare(`SELECT ${rowColumns} FROM documents`).iterate()) {
    if (parseDocumentRow(row, codec).body !== null) return true;
  }
  return false;
};
