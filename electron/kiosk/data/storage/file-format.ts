/**
 * The format of the kiosk's file and the way from each older one to this one.
 *
 * `documents.sequence` is the row id: every write appends a row with a higher number and removes the one it replaces. So a
 * write needs no second index, the table's order is the order of changes, and AUTOINCREMENT keeps a number from ever coming
 * back, not even after the newest row was removed.
 */
import { AppFailure } from '#shared/errors/app-error.ts';
import { firstValue, type SqlConnection } from './sql-connection.ts';
import { DamagedFile } from './stored-rows.ts';

/** Each step takes a file of the version at its index to the next one. Never change a released step: add one. */
export const formatSteps: readonly ((connection: SqlConnection) => void)[] = [
  (connection) =>
    connection.exec(`
      CREATE TABLE documents (
        sequence INTEGER PRIMARY KEY AUTOINCREMENT,
        collection TEXT NOT NULL,
        id TEXT NOT NULL,
        body TEXT NOT NULL
      );
      CREATE TABLE notes (key TEXT PRIMARY KEY, value TEXT NOT NULL);
    `),
  // What was written before has none: NULL.
  (connection) => connection.exec('ALTER TABLE documents ADD COLUMN checksum INTEGER'),
];

/** Says that the file is a kiosk's ("LPKF"), so that another program's database is not taken for an empty one. */
export const applicationId = 0x4c504b46;

/** The formats in which all is sealed (`sealed-file.ts`) come after these. */
const sealedFormats = 2;

/** The file's format. Throws `storage.newer_version` for that of a later release. */
export const refuseNewer = (connection: SqlConnection, { length } = formatSteps): number => {
  const supported = length + sealedFormats;
  const found = Number(firstValue(connection, 'PRAGMA user_version') ?? 0);
  if (found > supported) throw new AppFailure('storage.newer_version', { found, supported });
  return found;
};

/**
 * Brings the file to the newest format but for the sealed ones, in one transaction. Throws `storage.newer_version` for a file of a later release:
 * such a file is left exactly as it is. Another program's database is a `DamagedFile`: nothing is put into it.
 */
export const bringToCurrentFormat = (connection: SqlConnection, steps = formatSteps): void => {
  const isOurs = firstValue(connection, 'PRAGMA application_id') === applicationId;
  if (!isOurs && firstValue(connection, 'SELECT count(*) FROM sqlite_schema') !== 0) {
    throw new DamagedFile('it is the database of another program');
  }
  const newest = steps.length;
  const found = refuseNewer(connection, steps);
  if (found >= newest) return;
  connection.exec('BEGIN IMMEDIATE');
  for (const step of steps.slice(found)) step(connection);
  connection.exec(`PRAGMA user_version = ${newest}`);
  connection.exec(`PRAGMA application_id = ${applicationId}`);
  connection.exec('COMMIT');
};
