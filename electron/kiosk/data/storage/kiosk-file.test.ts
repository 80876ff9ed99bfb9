import { readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { folderTest } from '#support/folder-test.ts';
import { testCodec } from '#support/kiosk-file.ts';
import { thrownCode as codeOf } from '#support/thrown-code.ts';
import { ManualClock } from '../../platform/manual-clock.ts';
import { silentLogger } from '#shared/flow/logger.ts';
import { bringToCurrentFormat } from './file-format.ts';
import { openKioskFile } from './kiosk-file.ts';
import { plainRows } from './row-codec.ts';
import { readAll } from './stored-rows.ts';
import { openFile } from './open-file.ts';
import {
  firstValue,
  openSqlConnection,
  type OpenSqlConnection,
  type SqlConnection,
} from './sql-connection.ts';

/** Opens the real thing and keeps hold of the connection. */
const openHeld = (): { connection: () => SqlConnection; open: OpenSqlConnection } => {
  let held: SqlConnection | undefined;
  return {
    open: (...args) => (held = openSqlConnection(...args)),
    connection: () => held!,
  };
};

const filesWith = (folder: string, text: string): string[] =>
  readdirSync(folder).filter((name) => readFileSync(join(folder, name)).includes(text));

const write = (id: string, body = '{}') => ({ id, body, replaces: undefined });

const it = folderTest
  .extend('path', ({ folder }) => join(folder, 'kiosk.db'))
  .extend(
    'openSome',
    ({ path }) =>
      (codec = plainRows) =>
        openFile({
          path,
          open: openSqlConnection,
          clock: new ManualClock(),
          logger: silentLogger,
          rules: { ...readAll, elsewhere: new Set(['locks']) },
          codec,
        }),
  )
  .extend('damagePage', ({ path }) => (page: number): void => {
    const pageSize = 4096;
    const bytes = readFileSync(path);
    writeFileSync(path, bytes.fill(0xa5, (page - 1) * pageSize, page * pageSize));
  });

describe('the kiosk file', () => {
  it('keeps documents and notes over a reopening, in the order of their last change', ({ path }) => {
    const file = openKioskFile(path, openSqlConnection);
    const [first] = file.writeDocuments('locks', [write('a', '{"n":1}'), write('b', '{"n":2}')]);
    file.writeDocuments('locks', [{ id: 'a', body: '{"n":3}', replaces: first }]);
    file.writeNote('key', 'value');
    file.writeNote('key', 'other');
    file.close();
    const again = openKioskFile(path, openSqlConnection);
    expect(again.takeLoaded('locks').map(({ id, document }) => [id, document])).toEqual([
      ['b', { n: 2 }],
      ['a', { n: 3 }],
    ]);
    expect(again.readNote('key')).toBe('other');
    again.close();
  });

  it('never gives a sequence number twice, not even after the newest row was removed', ({ path }) => {
    const file = openKioskFile(path, openSqlConnection);
    const [used] = file.writeDocuments('locks', [write('a')]);
    file.removeRows([used!]);
    file.close();
    const again = openKioskFile(path, openSqlConnection);
    expect(again.writeDocuments('locks', [write('a')])[0]).toBeGreaterThan(used!);
    again.close();
  });

  it('writes all rows of a full disk or none, and works again once there is room', ({ path }) => {
    const { open, connection } = openHeld();
    const file = openKioskFile(path, open);
    const pages = Number(firstValue(connection(), 'PRAGMA page_count'));
    connection().exec(`PRAGMA max_page_count = ${pages + 4}`);
    const rows = Array.from({ length: 20 }, (_, index) => write(String(index), 'x'.repeat(3000)));
    expect(codeOf(() => file.writeDocuments('locks', rows))).toBe('storage.disk_full');
    expect(firstValue(connection(), 'SELECT count(*) FROM documents')).toBe(0);
    expect(connection().inTransaction).toBe(false);
    connection().exec('PRAGMA max_page_count = 100000');
    expect(file.writeDocuments('locks', rows)).toHaveLength(20);
    file.close();
  });

  it('says that the disk is read-only and changes nothing', ({ path }) => {
    const { open, connection } = openHeld();
    const file = openKioskFile(path, open);
    connection().exec('PRAGMA query_only = ON');
    expect(codeOf(() => file.writeNote('key', 'value'))).toBe('storage.read_only');
    expect(codeOf(() => file.writeDocuments('locks', [write('a')]))).toBe('storage.read_only');
    expect(file.readNote('key')).toBeNull();
    connection().exec('PRAGMA query_only = OFF');
    file.close();
  });

  it('lets no second instance in while the first is open', ({ path }) => {
    const file = openKioskFile(path, openSqlConnection);
    expect(codeOf(() => openKioskFile(path, openSqlConnection))).toBe('storage.in_use');
    file.close();
    openKioskFile(path, openSqlConnection).close();
  });

  it('refuses a file of a later release and leaves it as it is', ({ folder, path, openSome }) => {
    openKioskFile(path, openSqlConnection).close();
    const connection = openSqlConnection(path);
    connection.exec('PRAGMA user_version = 99');
    connection.close();
    const before = readFileSync(path);
    expect(codeOf(() => openSome())).toBe('storage.newer_version');
    expect(readFileSync(path).equals(before)).toBe(true);
    expect(readdirSync(folder).filter((name) => name.includes('damaged'))).toEqual([]);
  });

  it('brings an older file to the newest format, step by step, exactly once', ({ path }) => {
    const connection = openSqlConnection(path);
    const done: number[] = [];
    const steps = [1, 2, 3].map((step) => () => void done.push(step));
    bringToCurrentFormat(connection, steps.slice(0, 1));
    bringToCurrentFormat(connection, steps);
    bringToCurrentFormat(connection, steps);
    expect(done).toEqual([1, 2, 3]);
    connection.close();
  });

  it('takes back all of a write of which one row fails, and goes on', ({ path }) => {
    const { open, connection } = openHeld();
    const file = openKioskFile(path, open);
    // Unlike a full disk, this leaves it to us to end the transaction.
    connection().exec(`CREATE TEMP TRIGGER refuse BEFORE INSERT ON documents WHEN NEW.id = 'bad'
                       BEGIN SELECT RAISE(ABORT, 'no'); END`);
    expect(() => file.writeDocuments('locks', [write('good'), write('bad')])).toThrow('no');
    expect(connection().inTransaction).toBe(false);
    expect(firstValue(connection(), 'SELECT count(*) FROM documents')).toBe(0);
    expect(file.writeDocuments('locks', [write('good'), write('better')])).toHaveLength(2);
    file.close();
  });

  it('erases without leaving a trace in the file', ({ folder, path }) => {
    const file = openKioskFile(path, openSqlConnection);
    file.writeDocuments('keyCertificates', [write('a', JSON.stringify({ sealed: 'CANARY-SEALED' }))]);
    file.writeNote('canary', 'CANARY-NOTE');
    file.eraseAll();
    // Before it is closed as well: the kiosk may be killed at once.
    expect(filesWith(folder, 'CANARY')).toEqual([]);
    file.close();
    expect(filesWith(folder, 'CANARY')).toEqual([]);
  });

  it('leaves no trace of a row that was replaced or removed', ({ folder, path }) => {
    const file = openKioskFile(path, openSqlConnection);
    const rows = ['a', 'b', 'c'].map((id) => write(id, JSON.stringify({ sealed: `CANARY-${id}` })));
    const [a, b] = file.writeDocuments('keyCertificates', rows);
    file.close();
    expect(filesWith(folder, 'CANARY-a')).toEqual(['kiosk.db']);
    const again = openKioskFile(path, openSqlConnection);
    again.removeRows([a!]);
    again.writeDocuments('keyCertificates', [{ ...write('b'), replaces: b }]);
    again.close();
    expect([filesWith(folder, 'CANARY-a'), filesWith(folder, 'CANARY-b')]).toEqual([[], []]);
    expect(filesWith(folder, 'CANARY-c')).toEqual(['kiosk.db']);
  });
});

describe.each([plainRows, testCodec])('a damaged file (sealed: $isSealed)', (codec) => {
  it('that is no database is set aside under another name, and said so', ({ folder, path, openSome }) => {
    writeFileSync(path, 'this is not a database, and it is long enough to be looked at'.repeat(100));
    const { file, notice } = openSome(codec);
    const [kept] = readdirSync(folder).filter((name) => name.startsWith('kiosk.db.damaged-'));
    expect(notice).toEqual({ code: 'storage.set_aside', params: { file: kept } });
    expect(file.takeLoaded('accessEvents')).toEqual([]);
    file.close();
  });

  it("that is another program's database is set aside as it is", ({ folder, path, openSome }) => {
    const other = openSqlConnection(path);
    other.exec('CREATE TABLE invoices (number INTEGER); INSERT INTO invoices VALUES (7)');
    other.close();
    const { file, notice } = openSome(codec);
    expect(notice?.code).toBe('storage.set_aside');
    file.writeDocuments('locks', [write('a')]);
    file.close();
    const kept = openSqlConnection(join(folder, String(notice?.params['file'])), { readOnly: true });
    expect(firstValue(kept, 'SELECT number FROM invoices')).toBe(7);
    expect(firstValue(kept, 'SELECT count(*) FROM sqlite_schema')).toBe(1);
    kept.close();
  });

  it('gives back the unsynced rows and notes that can still be read, and no cursor', ({
    path,
    openSome,
    damagePage,
  }) => {
    const before = openKioskFile(path, openSqlConnection, readAll, codec);
    const rows = Array.from({ length: 60 }, (_, index) =>
      write(`e${index}`, JSON.stringify({ index, pad: 'x'.repeat(2000) })),
    );
    before.writeDocuments('accessEvents', rows);
    before.writeDocuments('locks', [write('lock')]);
    before.writeNote('note.lease', 'kept');
    before.writeNote('cursor.locks', '17');
    before.close();
    damagePage(30);
    const { file, notice } = openSome(codec);
    expect(notice?.code).toBe('storage.set_aside');
    const saved = file.takeLoaded('accessEvents').map(({ id }) => id);
    expect(saved).toContain('e0');
    expect(saved).toContain('e59');
    expect(saved.length).toBeGreaterThan(50);
    expect(file.takeLoaded('locks')).toEqual([]);
    expect(file.readNote('note.lease')).toBe('kept');
    expect(file.readNote('cursor.locks')).toBeNull();
    file.close();
  });

  it('is found though nothing that is read at a start is hit, and before anything is written to it', ({
    path,
    openSome,
    damagePage,
  }) => {
    const before = openKioskFile(path, openSqlConnection, readAll, codec);
    const pad = JSON.stringify({ pad: 'x'.repeat(50_000) });
    const gone = before.writeDocuments(
      'locks',
      ['a', 'b'].map((id) => write(id, pad)),
    );
    before.writeDocuments('accessEvents', [write('kept')]);
    before.removeRows(gone);
    before.close();
    const connection = openSqlConnection(path, { readOnly: true });
    const lastPage = Number(firstValue(connection, 'PRAGMA page_count'));
    expect(Number(firstValue(connection, 'PRAGMA freelist_count'))).toBeGreaterThan(10);
    connection.close();
    // Only pages that hold nothing, which the next writes would use.
    for (let page = 5; page <= lastPage; page += 1) damagePage(page);
    const { file, notice } = openSome(codec);
    expect(notice?.code).toBe('storage.set_aside');
    expect(file.takeLoaded('accessEvents').map(({ id }) => id)).toEqual(['kept']);
    file.close();
  });

  it.for([0.3, 0.5, 0.7, 0.95])(
    'of which only a part of %d is left gives back what is in that part',
    (part, { path, openSome }) => {
      const before = openKioskFile(path, openSqlConnection, readAll, codec);
      const pad = JSON.stringify({ pad: 'x'.repeat(2000) });
      before.writeDocuments(
        'accessEvents',
        Array.from({ length: 60 }, (_, index) => write(`e${index}`, pad)),
      );
      before.close();
      truncateSync(path, Math.floor(statSync(path).size * part));
      const { file, notice } = openSome(codec);
      expect(notice?.code).toBe('storage.set_aside');
      const saved = file.takeLoaded('accessEvents').map(({ id }) => id);
      expect(saved).toEqual(Array.from({ length: saved.length }, (_, index) => `e${index}`));
      expect(saved.length).toBeGreaterThan(60 * part - 10);
      file.close();
    },
  );

  it('is set aside with its log, which may hold the newest rows', ({
    folder,
    path,
    openSome,
    damagePage,
  }) => {
    const pad = JSON.stringify({ pad: 'x'.repeat(2000) });
    const before = openKioskFile(path, openSqlConnection, readAll, codec);
    before.writeDocuments(
      'accessEvents',
      Array.from({ length: 60 }, (_, index) => write(`e${index}`, pad)),
    );
    before.close();
    const killed = openKioskFile(path, openSqlConnection, readAll, codec);
    killed.writeDocuments('accessEvents', [write('newest', pad)]);
    const left = readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))] as const);
    killed.close();
    // As a kill leaves them: the log has not been taken into the file.
    for (const [name, content] of left) writeFileSync(join(folder, name), content);
    damagePage(20);
    const { file, notice } = openSome(codec);
    expect(notice?.code).toBe('storage.set_aside');
    const saved = file.takeLoaded('accessEvents').map(({ id }) => id);
    expect(saved).toEqual(expect.arrayContaining(['e0', 'e59', 'newest']));
    file.close();
  });
});
