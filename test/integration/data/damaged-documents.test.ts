/** A disk that changes single letters: SQLite's own check sees no fault in that, and the start has to find it by itself. */
import { copyFileSync, mkdirSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { firstValueFrom } from 'rxjs';
import { describe, expect, it as base } from 'vitest';
import { openSqlConnection, type OpenSqlConnection } from '#kiosk/data/storage/sql-connection.ts';
import { composeEvent, enrolmentOf, keyRow, lockRow, staffRow, storeRow, uuid } from '#support/documents.ts';
import { openData, type OpenedData } from './open-data.ts';
import { temporaryFolder } from './temporary-folder.ts';

const columns = ['body', 'id', 'collection'] as const;
type Column = (typeof columns)[number];
const tries = { numRuns: 20 };

let folders = 0;

const it = base
  .extend('whole', { auto: true }, async () => {
    const whole = join(temporaryFolder(), 'kiosk.db');
    const { data } = await openData(whole);
    const row = (document: object) => [{ ...document, version: 1, deleted: false }];
    await data.replica.applyPage('store', row(storeRow()));
    await data.replica.applyPage('staff', row(staffRow(1)));
    await data.replica.applyPage('locks', row(lockRow(1)));
    await data.replica.applyPage('keyCertificates', row(keyRow(1)));
    for (const collection of ['store', 'staff', 'locks', 'keyCertificates'] as const) {
      data.replica.setCursor(collection, 1);
    }
    for (const n of [1, 2]) {
      await data.putEnrolment(enrolmentOf(n));
      await data.appendAccessEvent(composeEvent(uuid(500 + n)));
    }
    await data.dispose();
    return whole;
  })
  .extend('mkdtemp', ({ whole }) => (): string => {
    folders += 1;
    const folder = join(dirname(whole), String(folders));
    mkdirSync(folder);
    return folder;
  })
  /** A copy of the file in which one letter of the collection's newest row is another. */
  .extend('changed', ({ whole, mkdtemp }) => (collection: string, column: Column, place: number): string => {
    const path = join(mkdtemp(), 'kiosk.db');
    copyFileSync(whole, path);
    const connection = openSqlConnection(path);
    const [found] = connection
      .prepare(
        `SELECT sequence, ${column} FROM documents WHERE collection = ? ORDER BY sequence DESC LIMIT 1`,
      )
      .all(collection);
    const [sequence = null, text] = found ?? [];
    const before = String(text);
    const at = place % before.length;
    const after = before.slice(0, at) + (before[at] === 'x' ? 'y' : 'x') + before.slice(at + 1);
    connection.prepare(`UPDATE documents SET ${column} = ? WHERE sequence = ?`).run(after, sequence);
    connection.close();
    return path;
  })
  .extend(
    'openChanged',
    ({ changed }) =>
      (...where: Parameters<typeof changed>): Promise<OpenedData> =>
        openData(changed(...where)),
  );

const setAside = (path: string): string[] =>
  readdirSync(dirname(path)).filter((name) => name.includes('.damaged-'));

describe.each(['store', 'staff', 'locks', 'keyCertificates'] as const)('a document of %s', (name) => {
  it.for(['body', 'id'] as const)(
    'of which one letter of its %s has changed is pulled again',
    async (column, { openChanged }) => {
      await fc.assert(
        fc.asyncProperty(fc.nat(), async (place) => {
          const { data, path } = await openChanged(name, column, place);
          expect(data.notice).toBeNull();
          if (name === 'keyCertificates')
            expect(await data.keyCertificate(keyRow(1).serialNumber)).toBeNull();
          expect(data.replica.cursor(name)).toBe(0);
          expect(await firstValueFrom(data.enrolments$)).toHaveLength(2);
          expect(setAside(path)).toEqual([]);
          await data.dispose();
        }),
        tries,
      );
    },
  );
});

describe.each(['enrolments', 'accessEvents'] as const)('a document of %s', (name) => {
  it.for(columns)(
    'of which one letter of its %s has changed is said to a person, and kept with the file for whoever can still read it',
    async (column, { openChanged }) => {
      await fc.assert(
        fc.asyncProperty(fc.nat(), async (place) => {
          const { data, path } = await openChanged(name, column, place);
          expect(data.notice).toEqual({ code: 'storage.set_aside', params: { file: setAside(path)[0] } });
          const enrolments = await firstValueFrom(data.enrolments$);
          const events = await data.accessEventsAfter(0);
          expect([enrolments.length, events.length]).toEqual(name === 'enrolments' ? [1, 2] : [2, 1]);
          expect(enrolments[0]).toEqual(enrolmentOf(1));
          await data.dispose();
          const again = await openData(path);
          expect(again.data.notice).toBeNull();
          expect(setAside(path)).toHaveLength(1);
          await again.data.dispose();
        }),
        tries,
      );
    },
  );
});

it('a document of the format without checksums is taken as it is', async ({ openChanged }) => {
  const { data, path } = await openChanged('locks', 'body', 0);
  await data.dispose();
  const connection = openSqlConnection(path);
  connection.exec('UPDATE documents SET checksum = NULL');
  connection.close();
  const again = await openData(path);
  expect(await firstValueFrom(again.data.enrolments$)).toHaveLength(2);
  expect(again.data.notice).toBeNull();
});

/** SQLite's result code for a full disk, whatever is written. */
const onFullDisk: OpenSqlConnection = (...args) => {
  const connection = openSqlConnection(...args);
  const refuse = (): void => {
    throw Object.assign(new Error('database or disk is full'), { errcode: 13 });
  };
  return {
    get inTransaction() {
      return connection.inTransaction;
    },
    exec: (sql) => connection.exec(sql),
    prepare: (sql) => {
      const statement = connection.prepare(sql);
      return /^(INSERT|DELETE)/.test(sql) ? { ...statement, run: refuse } : statement;
    },
    close: () => connection.close(),
  };
};

it('a changed document on a full disk stops no start, and is pulled again once there is room', async ({
  changed,
}) => {
  const path = changed('locks', 'body', 0);
  const full = await openData(path, onFullDisk);
  expect(full.data.notice?.code).toBe('storage.disk_full');
  expect(await firstValueFrom(full.data.locks$)).toEqual(new Map());
  expect(await firstValueFrom(full.data.enrolments$)).toHaveLength(2);
  await full.data.dispose();
  const { data } = await openData(path);
  expect([data.notice, data.replica.cursor('locks')]).toEqual([null, 0]);
});
