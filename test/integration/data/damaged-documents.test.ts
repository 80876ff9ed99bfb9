/** A disk that changes single letters: SQLite's own check sees no fault in that, and the start has to find it by itself. */
import { readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { firstValueFrom } from 'rxjs';
import { beforeEach, describe, expect, it } from 'vitest';
import { openSqlConnection, type OpenSqlConnection } from '#kiosk/data/storage/sql-connection.ts';
import { collections, type CollectionName } from '#shared/models/documents.ts';
import { composeEvent, enrolmentOf, keyRow, lockRow, staffRow, storeRow, uuid } from '#support/documents.ts';
import { openData } from './open-data.ts';

/** Each leaves JSON, but for the last, and not all of the document that was written. */
const changes = [
  ['"_rev"', '"_sev"'],
  ['"_deleted"', '"_feleted"'],
  ['"_attachments"', '"_attachmentr"'],
  ['"_meta"', '"_Meta"'],
  ['"lwt"', '"lvt"'],
  ['"version"', '"versioo"'],
  ['{"', '{#'],
] as const;
/** `keyCertificates` and `accessEvents` are not shown to people; of the others every field has to fit. */
const changesOf = (name: CollectionName): (readonly [string, string])[] => [
  ...changes.filter(([from]) => from !== '"version"' || !['keyCertificates', 'accessEvents'].includes(name)),
  [`"${collections[name].primaryKey}"`, '"id"'],
];

let path = '';
beforeEach(async () => {
  const opened = await openData();
  path = opened.path;
  const { data } = opened;
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
});

/** In the newest document of the collection. */
const change = (collection: string, from: string, to: string): void => {
  const connection = openSqlConnection(path);
  connection
    .prepare(
      `UPDATE documents SET body = replace(body, ?, ?)
       WHERE sequence = (SELECT max(sequence) FROM documents WHERE collection = ?)`,
    )
    .run(from, to, collection);
  expect(connection.prepare('SELECT changes()').all()).toEqual([[1]]);
  connection.close();
};

const setAside = (): string[] => readdirSync(dirname(path)).filter((name) => name.includes('.damaged-'));

describe.each(['store', 'staff', 'locks', 'keyCertificates'] as const)('a changed document of %s', (name) => {
  it.each(changesOf(name))('in which %s is now %s is pulled again', async (from, to) => {
    change(name, from, to);
    const { data } = await openData(path);
    expect(data.notice).toBeNull();
    if (name === 'keyCertificates') expect(await data.keyCertificate(keyRow(1).serialNumber)).toBeNull();
    expect(data.replica.cursor(name)).toBe(0);
    expect(await firstValueFrom(data.enrolments$)).toHaveLength(2);
  });
});

describe.each(['enrolments', 'accessEvents'] as const)('a changed document of %s', (name) => {
  it.each(changesOf(name))(
    'in which %s is now %s is said to a person, and kept with the file for whoever can still read it',
    async (from, to) => {
      change(name, from, to);
      const { data } = await openData(path);
      expect(data.notice).toEqual({ code: 'storage.set_aside', params: { file: setAside()[0] } });
      const enrolments = await firstValueFrom(data.enrolments$);
      const events = await data.accessEventsAfter(0);
      expect([enrolments.length, events.length]).toEqual(name === 'enrolments' ? [1, 2] : [2, 1]);
      expect(enrolments[0]).toEqual(enrolmentOf(1));
      await data.dispose();
      const again = await openData(path);
      expect(again.data.notice).toBeNull();
      expect(setAside()).toHaveLength(1);
    },
  );
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

it('a changed document on a full disk stops no start, and is pulled again once there is room', async () => {
  change('locks', '"version"', '"versioo"');
  const full = await openData(path, onFullDisk);
  expect(full.data.notice?.code).toBe('storage.disk_full');
  expect(await firstValueFrom(full.data.locks$)).toEqual(new Map());
  expect(await firstValueFrom(full.data.enrolments$)).toHaveLength(2);
  await full.data.dispose();
  const { data } = await openData(path);
  expect([data.notice, data.replica.cursor('locks')]).toEqual([null, 0]);
});
