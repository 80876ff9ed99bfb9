import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { assertDurable, makeDurable } from './durability.ts';
import { openSqlConnection, type SqlConnection } from './sql-connection.ts';

let folder = '';
let connection: SqlConnection;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchpoint-durable-'));
  connection = openSqlConnection(join(folder, 'kiosk.db'));
});
afterEach(() => {
  connection.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A connection to SQLite of that version. */
const ofVersion = (version: string): SqlConnection => ({
  ...connection,
  inTransaction: false,
  prepare: (sql) => connection.prepare(sql.includes('sqlite_version') ? `SELECT '${version}'` : sql),
});

describe('what a start asserts', () => {
  it('holds for what it has set', () => {
    makeDurable(connection);
    expect(() => assertDurable(connection)).not.toThrow();
  });

  it.each(['journal_mode = DELETE', 'synchronous = NORMAL', 'synchronous = OFF', 'locking_mode = NORMAL'])(
    'does not hold with %s',
    (loosened) => {
      makeDurable(connection);
      connection.exec(`PRAGMA ${loosened}`);
      expect(() => assertDurable(connection)).toThrow(loosened.split(' ')[0]);
    },
  );

  it.each([
    ['3.44.2', false],
    ['3.9.99', false],
    ['2.46.1', false],
    ['3.45.0', true],
    ['3.45.1', true],
    ['3.100.0', true],
    ['4.0.0', true],
  ])('of SQLite %s: new enough is %s', (version, isNewEnough) => {
    makeDurable(connection);
    const assertion = expect(() => assertDurable(ofVersion(version)));
    if (isNewEnough) assertion.not.toThrow();
    else assertion.toThrow(`SQLite ${version} is older`);
  });
});
