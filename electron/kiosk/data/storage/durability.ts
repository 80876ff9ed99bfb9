/** What the file is opened with, and the proof that SQLite does as it was told. */
import { firstValue, type SqlConnection } from './sql-connection.ts';

/** `RETURNING`, strict fsync of the WAL's header and every fix to WAL recovery that matters are in this version. */
const oldestSqlite = [3, 45, 0] as const;

/**
 * Takes the file for this process alone and makes each commit durable before it returns. The operating system gives the
 * lock back when the process ends, however it ends.
 */
export const makeDurable = (connection: SqlConnection): void => {
  connection.exec('PRAGMA locking_mode = EXCLUSIVE');
  connection.exec('PRAGMA journal_mode = WAL');
  connection.exec('PRAGMA synchronous = FULL');
  // A deleted key is overwritten, not only forgotten.
  connection.exec('PRAGMA secure_delete = ON');
  connection.exec('PRAGMA journal_size_limit = 4194304');
  // The lock is taken by the first transaction, not by the pragma.
  connection.exec('BEGIN IMMEDIATE');
  connection.exec('COMMIT');
};

/** Throws where SQLite is too old, or where write-ahead logging or synchronous=FULL is not in force. */
export const assertDurable = (connection: SqlConnection): void => {
  const version = String(firstValue(connection, 'SELECT sqlite_version()'));
  if (isOlder(version.split('.').map(Number), oldestSqlite)) {
    throw new Error(`SQLite ${version} is older than ${oldestSqlite.join('.')}`);
  }
  const expected = { journal_mode: 'wal', synchronous: 2, locking_mode: 'exclusive' };
  for (const [pragma, wanted] of Object.entries(expected)) {
    const found = firstValue(connection, `PRAGMA ${pragma}`);
    if (found !== wanted) throw new Error(`SQLite runs with ${pragma} = ${String(found)}, not ${wanted}`);
  }
};

const isOlder = (version: readonly number[], than: readonly number[]): boolean => {
  for (const [index, part] of than.entries()) {
    const difference = (version[index] ?? 0) - part;
    if (difference !== 0) return difference < 0;
  }
  return false;
};
