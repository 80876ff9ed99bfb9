import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { folderTest } from '#support/folder-test.ts';
import { assertDurable, makeDurable } from './durability.ts';
import { openSqlConnection, type SqlConnection } from './sql-connection.ts';

const it = folderTest.extend('connection', ({ folder }, { onCleanup }) => {
  const connection = openSqlConnection(join(folder, 'kiosk.db'));
  onCleanup(() => connection.close());
  return connection;
});

/** That connection, to SQLite of that version. */
const ofVersion = (connection: SqlConnection, version: string): SqlConnection => ({
  ...connection,
  inTransaction: false,
  prepare: (sql) => connection.prepare(sql.includes('sqlite_version') ? `SELECT '${version}'` : sql),
});

describe('what a start asserts', () => {
  it('holds for what it has set', ({ connection }) => {
    makeDurable(connection);
    expect(() => assertDurable(connection)).not.toThrow();
  });

  it.for(['journal_mode = DELETE', 'synchronous = NORMAL', 'synchronous = OFF', 'locking_mode = NORMAL'])(
    'does not hold with %s',
    (loosened, { connection }) => {
      makeDurable(connection);
      connection.exec(`PRAGMA ${loosened}`);
      expect(() => assertDurable(connection)).toThrow(loosened.split(' ')[0]);
    },
  );

  it.for<[string, boolean]>([
    ['3.44.2', false],
    ['3.9.99', false],
    ['2.46.1', false],
    ['3.45.0', true],
    ['3.45.1', true],
    ['3.100.0', true],
    ['4.0.0', true],
  ])('of SQLite %s: new enough is %s', ([version, isNewEnough], { connection }) => {
    makeDurable(connection);
    const assertion = expect(() => assertDurable(ofVersion(connection, version)));
    if (isNewEnough) assertion.not.toThrow();
    else assertion.toThrow(`SQLite ${version} is older`);
  });
});
