/** While the file's key is waited for, the file is opened and read; nothing about it changes before the key is there. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, vi } from 'vitest';
import { silentLogger } from '#shared/flow/logger.ts';
import { folderTest } from '#support/folder-test.ts';
import { testCodec, testDataKeys } from '#support/kiosk-file.ts';
import { ManualClock } from '../platform/manual-clock.ts';
import type { FoundDataKey } from '../vault/data-key.ts';
import { openAnyFile } from './open-any-file.ts';
import { openFile } from './storage/open-file.ts';
import { plainRows, type RowCodec } from './storage/row-codec.ts';
import { openSqlConnection, type OpenSqlConnection } from './storage/sql-connection.ts';

const body = (id: string) => JSON.stringify({ id, _rev: '1-a', _deleted: false });

const fileIn = (folder: string, codec: RowCodec = testCodec): string => {
  const path = join(folder, 'kiosk.db');
  const { file } = openFile({
    path,
    codec,
    open: openSqlConnection,
    clock: new ManualClock(),
    logger: silentLogger,
  });
  const changes = ['one', 'two'].map((id) => ({ id, body: body(id), replaces: undefined }));
  file.writeDocuments('locks', changes);
  file.close();
  return path;
};

/** Opens the file, whose key comes when `give` is told it; `done` is what SQLite was asked, with the word `closed`. */
const begin = (path: string) => {
  const done: string[] = [];
  const openConnection: OpenSqlConnection = (...args) => {
    const connection = openSqlConnection(...args);
    const noting = (sql: string): string => {
      done.push(sql);
      return sql;
    };
    return {
      get inTransaction() {
        return connection.inTransaction;
      },
      exec: (sql) => connection.exec(noting(sql)),
      prepare: (sql) => connection.prepare(noting(sql)),
      close: () => {
        noting('closed');
        connection.close();
      },
    };
  };
  const found = Promise.withResolvers<FoundDataKey>();
  const opening = openAnyFile({
    path,
    openConnection,
    clock: new ManualClock(),
    logger: silentLogger,
    dataKeys: { ...testDataKeys, find: () => found.promise },
  });
  onTestFinished(() =>
    opening.then(
      ({ file }) => file.close(),
      () => undefined,
    ),
  );
  const give = async (key?: FoundDataKey) => {
    found.resolve(key ?? (await testDataKeys.find()));
    return opening;
  };
  return { done, opening, found, give };
};

const count = (done: readonly string[], part: string): number =>
  done.filter((sql) => sql.includes(part)).length;
const untilRead = ({ done }: { readonly done: readonly string[] }) =>
  vi.waitFor(() => expect(count(done, 'FROM documents ORDER BY')).toBe(1), 20_000);

folderTest(
  'a sealed file is opened, checked and read while its key is waited for, and once',
  async ({ folder }) => {
    const begun = begin(fileIn(folder));
    await untilRead(begun);
    expect([count(begun.done, 'quick_check'), count(begun.done, 'locking_mode = EXCLUSIVE')]).toEqual([1, 1]);
    const { file } = await begun.give();
    expect(file.takeLoaded('locks').map(({ id }) => id)).toEqual(['one', 'two']);
    file.writeNote('a note', 'is written');
    expect(file.readNote('a note')).toBe('is written');
    expect(
      ['quick_check', 'locking_mode = EXCLUSIVE', 'FROM documents ORDER BY', 'closed'].map((part) =>
        count(begun.done, part),
      ),
    ).toEqual([1, 1, 1, 0]);
  },
);

folderTest.for<[string, FoundDataKey | Error]>([
  ['cannot be read', 'locked'],
  ['is not asked for', 'none'],
  ['fails', new Error('no room')],
])('a file whose key %s is closed as it was', async ([, key], { folder }) => {
  const path = fileIn(folder);
  const before = readFileSync(path);
  const begun = begin(path);
  await untilRead(begun);
  if (key instanceof Error) {
    begun.found.reject(key);
    await expect(begun.opening).rejects.toBe(key);
  } else expect((await begun.give(key)).file).toMatchObject({ isLocked: true });
  expect(count(begun.done, 'closed')).toBe(1);
  expect(readFileSync(path).equals(before)).toBe(true);
  expect(existsSync(`${path}-wal`)).toBe(false);
});

/** `checks`: how many SQLite makes of it before. Of a damaged log it drops a part for good, so none is opened that was not looked at. */
folderTest.for<[string, (path: string) => void, number, string | null, number]>([
  ['with a log beside it', (path) => writeFileSync(`${path}-wal`, ''), 0, null, 2],
  [
    'that is damaged',
    (path) => writeFileSync(path, readFileSync(path).fill(0x5a, 4096)),
    1,
    'storage.set_aside',
    0,
  ],
])('a file %s is dealt with once its key is there', async ([, change, checks, notice, rows], { folder }) => {
  const path = fileIn(folder);
  change(path);
  const before = readFileSync(path);
  const begun = begin(path);
  // Whatever is made ready is made in one turn, the next.
  await new Promise((resolve) => setImmediate(resolve));
  expect(count(begun.done, 'quick_check')).toBe(checks);
  expect(readFileSync(path).equals(before)).toBe(true);
  const opened = await begun.give();
  expect([opened.notice?.code ?? null, opened.file.takeLoaded('locks').length]).toEqual([notice, rows]);
});

folderTest(
  'a file that is still in the open is sealed once its key is there, not opened before',
  async ({ folder }) => {
    const begun = begin(fileIn(folder, plainRows));
    await new Promise((resolve) => setImmediate(resolve));
    expect(begun.done).toEqual([]);
    const { file } = await begun.give();
    expect([file.isSealed, file.takeLoaded('locks').length]).toEqual([true, 2]);
  },
);
