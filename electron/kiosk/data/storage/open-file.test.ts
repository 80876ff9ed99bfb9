/** What a start finds on disks that take nothing, told through the port with SQLite's own result codes. */
import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { AppFailure } from '#shared/errors/app-error.ts';
import { folderTest } from '#support/folder-test.ts';
import { testCodec } from '#support/kiosk-file.ts';
import { silentLogger } from '#shared/flow/logger.ts';
import { ManualClock } from '../../platform/manual-clock.ts';
import { openFile } from './open-file.ts';
import { plainRows } from './row-codec.ts';
import { openSqlConnection, type OpenSqlConnection } from './sql-connection.ts';

class SqliteError extends Error {
  readonly errcode: number;
  constructor(errcode: number) {
    super(`SQLite result code ${errcode}`);
    this.errcode = errcode;
  }
}

/** A disk on which each statement that matches fails with a result code. */
const failing =
  (pattern: RegExp, errcode: number): OpenSqlConnection =>
  (...args) => {
    const connection = openSqlConnection(...args);
    const refuse = (sql: string): void => {
      if (pattern.test(sql)) throw new SqliteError(errcode);
    };
    return {
      get inTransaction() {
        return connection.inTransaction;
      },
      exec: (sql) => {
        refuse(sql);
        connection.exec(sql);
      },
      prepare: (sql) => {
        const statement = connection.prepare(sql);
        return {
          ...statement,
          run: (...values) => {
            refuse(sql);
            statement.run(...values);
          },
        };
      },
      close: () => connection.close(),
    };
  };

const pathTest = folderTest.extend('path', ({ folder }) => join(folder, 'kiosk.db'));

describe('a start', () => {
  const it = pathTest.extend('start', ({ path }) => (open: OpenSqlConnection): string => {
    try {
      const { file, notice } = openFile({ path, open, clock: new ManualClock(), logger: silentLogger });
      file.close();
      return notice?.code ?? 'opened';
    } catch (error) {
      if (error instanceof AppFailure) return `refused: ${error.error.code}`;
      throw error;
    }
  });

  it('on a disk that is read-only says so, however SQLite finds out, and leaves the file', ({ start }) => {
    expect(start(openSqlConnection)).toBe('opened');
    // SQLITE_READONLY, SQLITE_IOERR_LOCK, SQLITE_CANTOPEN
    for (const errcode of [8, 3850, 14]) {
      expect(start(failing(/BEGIN|journal_mode/, errcode))).toBe('refused: storage.read_only');
    }
    expect(
      start(() => {
        throw new SqliteError(14);
      }),
    ).toBe('refused: storage.read_only');
    expect(start(openSqlConnection)).toBe('opened');
  });

  it('on a disk without room for a new file says so, and begins once there is room', ({ start }) => {
    expect(start(failing(/CREATE TABLE/, 13))).toBe('refused: storage.disk_full');
    expect(start(openSqlConnection)).toBe('opened');
  });

  it('on a disk that is full shows what there is, with a notice', ({ start }) => {
    expect(start(openSqlConnection)).toBe('opened');
    expect(start(failing(/INSERT INTO notes/, 13))).toBe('storage.disk_full');
    expect(start(failing(/INSERT INTO notes/, 8))).toBe('storage.read_only');
  });

  it('while another instance runs says so', ({ start }) => {
    expect(start(failing(/BEGIN/, 5))).toBe('refused: storage.in_use');
  });
});

const anyCodec = describe.each([plainRows, testCodec]);
anyCodec('a damaged file (sealed: $isSealed) on a disk that fails, or in a machine that stops', (codec) => {
  const it = pathTest
    .extend(
      'open',
      ({ path }) =>
        (connection: OpenSqlConnection) =>
          openFile({ path, open: connection, clock: new ManualClock(), logger: silentLogger, codec }),
    )
    /** Fifty rows that only this file has, and a page in the middle that can't be read. */
    .extend('damage', ({ path, open }) => (): void => {
      const { file } = open(openSqlConnection);
      const body = JSON.stringify({ pad: 'x'.repeat(2000) });
      const rows = Array.from({ length: 50 }, (_, index) => ({ id: `e${index}`, body, replaces: undefined }));
      file.writeDocuments('accessEvents', rows);
      file.close();
      const bytes = readFileSync(path);
      bytes.fill(0xa5, 15 * 4096, 16 * 4096);
      writeFileSync(path, bytes);
    })
    .extend('savedBy', ({ open }) => (connection: OpenSqlConnection) => {
      const { file, notice } = open(connection);
      const rows = file.takeLoaded('accessEvents').length;
      file.close();
      return { rows, notice: notice?.code };
    })
    .extend(
      'names',
      ({ folder }) =>
        (): string[] =>
          readdirSync(folder).sort(),
    );

  it.for([
    ['before anything of the new file is there', /CREATE TABLE/],
    ['while what was saved is written', /INSERT INTO documents/],
    ['while notes are written', /INSERT INTO notes/],
  ] as const)(
    'that is full %s: the next start with room saves as much, and says so',
    ([_when, pattern], { path, open, damage, savedBy, names }) => {
      damage();
      const before = readFileSync(path);
      expect(() => open(failing(pattern, 13))).toThrow(AppFailure);
      expect(names().filter((name) => name.includes('damaged'))).toEqual([]);
      expect(readFileSync(path).equals(before)).toBe(true);
      const { rows, notice } = savedBy(openSqlConnection);
      expect(rows).toBeGreaterThan(40);
      expect(notice).toBe('storage.set_aside');
      expect(names()).toEqual(['kiosk.db', expect.stringMatching(/^kiosk\.db\.damaged-/)]);
      expect(savedBy(openSqlConnection)).toEqual({ rows, notice: undefined });
    },
  );

  it('that is full once the damaged file is set aside: that is told, and at the next start, too', ({
    open,
    damage,
    savedBy,
  }) => {
    damage();
    const full = failing(/INSERT INTO notes/, 13);
    const { file, notice, hiddenNotice } = open((name, options) =>
      (name.endsWith('.rebuilt') ? openSqlConnection : full)(name, options),
    );
    file.close();
    expect([notice?.code, hiddenNotice?.code]).toEqual(['storage.disk_full', 'storage.set_aside']);
    const again = open(full);
    again.file.close();
    expect(again.hiddenNotice).toEqual(hiddenNotice);
    expect(savedBy(openSqlConnection).notice).toBe('storage.set_aside');
    expect(savedBy(openSqlConnection).notice).toBeUndefined();
  });

  it('in several places gives back all that is on other pages', ({ path, open }) => {
    const { file } = open(openSqlConnection);
    const body = JSON.stringify({ pad: 'x'.repeat(2000) });
    const rows = Array.from({ length: 60 }, (_, index) => ({ id: `e${index}`, body, replaces: undefined }));
    file.writeDocuments('accessEvents', rows);
    file.close();
    const bytes = readFileSync(path);
    const bad = [10, 20, 21, 35].map((page) => bytes.subarray(page * 4096, (page + 1) * 4096));
    const lost = bad.flatMap((page) =>
      [...page.toString('latin1').matchAll(/accessEvents(e\d+)(?:\{|\W\1)/g)].map(([, id]) => id),
    );
    for (const page of bad) page.fill(0xa5);
    writeFileSync(path, bytes);
    const again = open(openSqlConnection);
    const saved = again.file.takeLoaded('accessEvents').map(({ id }) => id);
    again.file.close();
    expect(lost.length).toBeGreaterThanOrEqual(bad.length);
    expect(saved).toEqual(rows.map(({ id }) => id).filter((id) => !lost.includes(id)));
  });

  it.for([
    ['zeros', (bytes: Buffer) => bytes.fill(0, 0, 4096)],
    ['its first sector is', (bytes: Buffer) => bytes.fill(0xa5, 0, 512)],
    ['the name of its table is', (bytes: Buffer) => bytes.fill('x', bytes.indexOf('CREATE TABLE doc'), 4096)],
  ] as const)(
    'that loses its first page (%s) gives back every document, also after an erasing',
    ([_what, lose], { path, open, names }) => {
      const { file } = open(openSqlConnection);
      const body = JSON.stringify({ pad: 'x'.repeat(2000) });
      const write = (count: number): void => {
        const rows = Array.from({ length: count }, (_, index) => ({
          id: `e${index}`,
          body,
          replaces: undefined,
        }));
        file.writeDocuments('accessEvents', rows);
      };
      write(70);
      file.eraseAll();
      write(50);
      file.writeNote('note.lease', 'kept');
      file.close();
      writeFileSync(path, lose(readFileSync(path)));
      const again = open(openSqlConnection);
      expect(again.notice?.code).toBe('storage.set_aside');
      expect(again.file.takeLoaded('accessEvents')).toHaveLength(50);
      expect(again.file.readNote('note.lease')).toBe('kept');
      again.file.close();
      expect(names()).toEqual(['kiosk.db', expect.stringMatching(/^kiosk\.db\.damaged-/)]);
    },
  );

  it('that is full while the new file is closed: nothing is set aside, and the next start saves as much', ({
    open,
    damage,
    savedBy,
    names,
  }) => {
    damage();
    /** Where the log can't be taken into the file SQLite leaves it, and says nothing. */
    const leavingLog: OpenSqlConnection = (name, options) => {
      const connection = openSqlConnection(name, options);
      if (!name.endsWith('.rebuilt')) return connection;
      const close = (): void => {
        const left = ['', '-wal'].map((suffix) => [name + suffix, readFileSync(name + suffix)] as const);
        connection.close();
        for (const [file, content] of left) writeFileSync(file, content);
      };
      return { ...connection, close };
    };
    expect(() => open(leavingLog)).toThrow(AppFailure);
    expect(names().filter((name) => name.includes('damaged'))).toEqual([]);
    const { rows, notice } = savedBy(openSqlConnection);
    expect(rows).toBeGreaterThan(40);
    expect(notice).toBe('storage.set_aside');
  });

  it('that damages the file at every start keeps no more of them than the last three', ({
    open,
    damage,
    names,
  }) => {
    const last: string[] = [];
    for (let start = 0; start < 5; start += 1) {
      damage();
      const { file, notice } = open(openSqlConnection);
      file.close();
      last.push(String(notice?.params['file']));
      expect(names()).toContain(last.at(-1));
    }
    expect(names()).toEqual(['kiosk.db', ...last.slice(-3)].sort());
  });

  it('between the two renames: the next start finishes it, and says so', ({
    path,
    damage,
    savedBy,
    names,
  }) => {
    damage();
    const { rows } = savedBy(openSqlConnection);
    renameSync(path, `${path}.rebuilt`);
    expect(savedBy(openSqlConnection)).toEqual({ rows, notice: 'storage.set_aside' });
    expect(names()).toHaveLength(2);
  });
});
