import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
  openSync,
  writeSync,
  closeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppFailure } from '#shared/errors/app-error.ts';
import { ManualClock } from '../../platform/manual-clock.ts';
import { silentLogger } from '../../platform/logger.ts';
import { assertDurable } from './durability.ts';
import { bringToCurrentFormat } from './file-format.ts';
import { openKioskFile } from './kiosk-file.ts';
import { openFile } from './open-file.ts';
import {
  firstValue,
  openSqlConnection,
  type OpenSqlConnection,
  type SqlConnection,
} from './sql-connection.ts';

let folder = '';
let path = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'latchpoint-file-'));
  path = join(folder, 'kiosk.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const codeOf = (work: () => unknown): unknown => {
  try {
    work();
  } catch (error) {
    return error instanceof AppFailure ? error.error.code : error;
  }
  return 'nothing was thrown';
};

/** Opens the real thing and keeps hold of the connection. */
const openHeld = (): { connection: () => SqlConnection; open: OpenSqlConnection } => {
  let held: SqlConnection | undefined;
  return {
    open: (...args) => (held = openSqlConnection(...args)),
    connection: () => held!,
  };
};

const write = (id: string, body = '{}') => ({ id, body, replaces: undefined });
const openAny = (unsynced = new Set(['accessEvents'])) =>
  openFile({ path, open: openSqlConnection, clock: new ManualClock(), logger: silentLogger, unsynced });

describe('the kiosk file', () => {
  it('keeps documents and notes over a reopening, in the order of their last change', () => {
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

  it('never gives a sequence number twice, not even after the newest row was removed', () => {
    const file = openKioskFile(path, openSqlConnection);
    const [used] = file.writeDocuments('locks', [write('a')]);
    file.removeRows([used!]);
    file.close();
    const again = openKioskFile(path, openSqlConnection);
    expect(again.writeDocuments('locks', [write('a')])[0]).toBeGreaterThan(used!);
    again.close();
  });

  it('writes all rows of a full disk or none, and works again once there is room', () => {
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

  it('says that the disk is read-only and changes nothing', () => {
    const { open, connection } = openHeld();
    const file = openKioskFile(path, open);
    connection().exec('PRAGMA query_only = ON');
    expect(codeOf(() => file.writeNote('key', 'value'))).toBe('storage.read_only');
    expect(codeOf(() => file.writeDocuments('locks', [write('a')]))).toBe('storage.read_only');
    expect(file.readNote('key')).toBeNull();
    connection().exec('PRAGMA query_only = OFF');
    file.close();
  });

  it('lets no second instance in while the first is open', () => {
    const file = openKioskFile(path, openSqlConnection);
    expect(codeOf(() => openKioskFile(path, openSqlConnection))).toBe('storage.in_use');
    file.close();
    openKioskFile(path, openSqlConnection).close();
  });

  it('refuses a file of a later release and leaves it as it is', () => {
    openKioskFile(path, openSqlConnection).close();
    const connection = openSqlConnection(path);
    connection.exec('PRAGMA user_version = 99');
    connection.close();
    const before = readFileSync(path);
    expect(codeOf(() => openAny())).toBe('storage.newer_version');
    expect(readFileSync(path).equals(before)).toBe(true);
    expect(readdirSync(folder).filter((name) => name.includes('damaged'))).toEqual([]);
  });

  it('brings an older file to the newest format, step by step, exactly once', () => {
    const connection = openSqlConnection(path);
    const done: number[] = [];
    const steps = [1, 2, 3].map((step) => () => void done.push(step));
    bringToCurrentFormat(connection, steps.slice(0, 1));
    bringToCurrentFormat(connection, steps);
    bringToCurrentFormat(connection, steps);
    expect(done).toEqual([1, 2, 3]);
    connection.close();
  });

  it('does not start on a connection that is not durable', () => {
    const connection = openSqlConnection(path);
    connection.exec('PRAGMA synchronous = NORMAL');
    expect(() => assertDurable(connection)).toThrow(/journal_mode|synchronous/);
    connection.close();
  });

  it('erases without leaving a trace in the file', () => {
    const file = openKioskFile(path, openSqlConnection);
    file.writeDocuments('keyCertificates', [write('a', JSON.stringify({ sealed: 'CANARY-SEALED' }))]);
    file.writeNote('canary', 'CANARY-NOTE');
    file.eraseAll();
    file.close();
    for (const name of readdirSync(folder)) {
      expect(readFileSync(join(folder, name)).includes('CANARY')).toBe(false);
    }
  });
});

describe('a damaged file', () => {
  it('that is no database is set aside under another name, and said so', () => {
    writeFileSync(path, 'this is not a database, and it is long enough to be looked at'.repeat(100));
    const { file, notice } = openAny();
    const [kept] = readdirSync(folder).filter((name) => name.startsWith('kiosk.db.damaged-'));
    expect(notice).toEqual({ code: 'storage.set_aside', params: { file: kept } });
    expect(file.takeLoaded('accessEvents')).toEqual([]);
    file.close();
  });

  it('gives back the unsynced rows and notes that can still be read, and no cursor', () => {
    const before = openKioskFile(path, openSqlConnection);
    const rows = Array.from({ length: 60 }, (_, index) =>
      write(`e${index}`, JSON.stringify({ index, pad: 'x'.repeat(2000) })),
    );
    before.writeDocuments('accessEvents', rows);
    before.writeDocuments('locks', [write('lock')]);
    before.writeNote('note.lease', 'kept');
    before.writeNote('cursor.locks', '17');
    before.close();
    damagePage(30);
    const { file, notice } = openAny();
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

  const damagePage = (page: number): void => {
    const pageSize = 4096;
    const descriptor = openSync(path, 'r+');
    writeSync(descriptor, Buffer.alloc(pageSize, 0xa5), 0, pageSize, (page - 1) * pageSize);
    closeSync(descriptor);
  };
});
