/** Files that an earlier release wrote in the open: sealed at the first start, and nothing of them is left in the open. */
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { firstValueFrom } from 'rxjs';
import { expect, it } from 'vitest';
import { createKioskData, type LocalData } from '#kiosk/data/kiosk-data.ts';
import { openKioskFile } from '#kiosk/data/storage/kiosk-file.ts';
import { openSealedFile } from '#kiosk/data/storage/sealed-aside.ts';
import { openSqlConnection, type OpenSqlConnection } from '#kiosk/data/storage/sql-connection.ts';
import { readAll } from '#kiosk/data/storage/stored-rows.ts';
import { silentLogger } from '#shared/flow/logger.ts';
import { ManualClock } from '#kiosk/platform/manual-clock.ts';
import { seededRandom } from '#kiosk/platform/seeded-random.ts';
import { codecOf, dataKeysOf, secretStore, testCodec } from '#support/kiosk-file.ts';
import { createDataKeys } from '#kiosk/vault/data-key.ts';
import { filesNow, watched } from './every-instant.ts';
import { temporaryFolder } from './temporary-folder.ts';

const fixtures = fileURLToPath(new URL('../../fixtures/kiosk-data/', import.meta.url));
const names = ['Harbour Street', 'Front counter', 'Cabinet', '"group"', 'Phone display', '"salt"', 'a note'];

/** A kept data folder of 0.2.0. */
const unpack = (folder = temporaryFolder()): string => {
  const path = join(folder, 'kiosk.db');
  writeFileSync(path, gunzipSync(readFileSync(join(fixtures, '0.2.0.db.gz'))));
  return path;
};

const ports = { clock: new ManualClock(), random: seededRandom(1), logger: silentLogger };
const open = (path: string, openConnection: OpenSqlConnection = openSqlConnection): Promise<LocalData> => {
  const keys = { dataDir: dirname(path), secretStore, wasSealed: () => Promise.resolve(false) };
  return createKioskData({ path, openConnection, dataKeys: createDataKeys({ ...keys, ...ports }), ...ports });
};

const told = (path: string): string[] =>
  readdirSync(dirname(path)).flatMap((file) => {
    const bytes = readFileSync(join(dirname(path), file));
    return names.filter((name) => bytes.includes(name)).map((name) => `${file}: ${name}`);
  });

const expectAll = async (data: LocalData): Promise<void> => {
  expect(data.notice).toBeNull();
  expect((await firstValueFrom(data.store$))?.name).toBe('Harbour Street');
  expect((await firstValueFrom(data.locks$)).size).toBe(3);
  expect((await firstValueFrom(data.staff$)).map(({ name }) => name)).toEqual(['Front counter']);
  expect((await firstValueFrom(data.enrolments$)).map(({ name }) => name)).toEqual(['Phone display']);
  expect(await data.accessEventsAfter(0)).toHaveLength(4);
  expect(await data.readNote('kept')).toBe('a note');
};

it('the file of 0.2.0 is sealed, and killed at any instant of that it is sealed at the next start, with all that it held', async () => {
  const path = unpack();
  expect(told(path).length).toBeGreaterThanOrEqual(names.length);
  const killed: string[] = [];
  const data = await open(
    path,
    watched(() => void killed.push(filesNow(path))),
  );
  await expectAll(data);
  expect(told(path)).toEqual([]);
  await data.dispose();
  expect(told(path)).toEqual([]);
  expect(killed.filter((copy) => told(copy).length > 0).length).toBeGreaterThan(10);
  for (const copy of killed) {
    const next = await open(copy);
    await expectAll(next);
    await next.dispose();
    expect(told(copy)).toEqual([]);
  }
}, 120_000);

it('a full disk leaves it as it was, and it is sealed once there is room', async () => {
  const path = unpack();
  const full = await open(path, (...args) => {
    const connection = openSqlConnection(...args);
    const refuse = (): void => {
      throw Object.assign(new Error('database or disk is full'), { errcode: 13 });
    };
    const prepare = (sql: string) => ({
      ...connection.prepare(sql),
      ...(/^UPDATE/.test(sql) && { run: refuse }),
    });
    return {
      get inTransaction() {
        return connection.inTransaction;
      },
      exec: (sql) => connection.exec(sql),
      prepare,
      close: () => connection.close(),
    };
  });
  expect((await firstValueFrom(full.store$))?.name).toBe('Harbour Street');
  await full.dispose();
  expect(told(path)).not.toEqual([]);
  const data = await open(path);
  await expectAll(data);
  await data.dispose();
  expect(told(path)).toEqual([]);
});

it('what earlier releases have set aside, or left half written, is sealed or gone, and can still be read with the key', async () => {
  const path = unpack();
  const kept = readFileSync(path);
  const aside = `${path}.damaged-2026-01-01T00-00-00-000Z`;
  for (const name of [aside, `${aside}-wal`, `${path}.rebuilt`, `${path}.rebuilt-source`])
    copyFileSync(path, name);
  await (await open(path)).dispose();
  expect(told(path)).toEqual([]);
  expect(readdirSync(dirname(path)).filter((name) => name.includes('.rebuilt'))).toEqual([]);
  const codec = await codecOf(dirname(path), secretStore);
  for (const name of [aside, `${aside}-wal`]) expect(openSealedFile(name, codec)?.equals(kept)).toBe(true);
  expect(openSealedFile(aside, testCodec)).toBeNull();
});

it('a file in the open that is damaged is saved from and set aside sealed', async () => {
  const path = unpack();
  const bytes = readFileSync(path);
  const at = bytes.indexOf('Phone display');
  bytes.write('X', at);
  writeFileSync(path, bytes);
  const data = await open(path);
  expect(data.notice?.code).toBe('storage.set_aside');
  expect(await data.accessEventsAfter(0)).toHaveLength(4);
  await data.dispose();
  expect(told(path)).toEqual([]);
});

it('once a kiosk has sealed its file, one in the open is not believed in its place', async () => {
  const path = unpack();
  await (await open(path)).dispose();
  unpack(dirname(path));
  const data = await open(path);
  expect(data.notice?.code).toBe('storage.set_aside');
  expect(await firstValueFrom(data.staff$)).toEqual([]);
  expect(await data.accessEventsAfter(0)).toEqual([]);
  await data.dispose();
  expect(told(path)).toEqual([]);
});

it('nor are single rows in the open, or rows of another place of the same file', async () => {
  const path = unpack();
  await (await open(path)).dispose();
  const codec = await codecOf(dirname(path), secretStore);
  const file = openSqlConnection(path);
  const planted = JSON.stringify({ staffId: 'x', name: 'Mallory', _rev: '1-a', _deleted: false });
  file.prepare(`UPDATE documents SET body = ? WHERE collection = 'staff'`).run(planted);
  file.exec(`UPDATE documents SET body = (SELECT body FROM documents WHERE id LIKE '%1' AND collection = 'locks')
             WHERE id LIKE '%2' AND collection = 'locks'`);
  file.close();
  const opened = openKioskFile(
    path,
    openSqlConnection,
    { ...readAll, elsewhere: new Set(['staff', 'locks']) },
    codec,
  );
  const undefinedIn = (collection: string) =>
    opened.takeLoaded(collection).map(({ document }) => document === undefined);
  expect(undefinedIn('staff')).toEqual([true]);
  expect(undefinedIn('locks')).toEqual([false, true, false]);
  opened.close();
});

it('either copy of the key is enough, and the other is written again', async () => {
  const path = unpack();
  await (await open(path)).dispose();
  for (const copy of ['kiosk.db.key', 'kiosk.db.key-copy']) {
    writeFileSync(join(dirname(path), copy), 'damaged');
    const data = await open(path);
    await expectAll(data);
    await data.dispose();
  }
  for (const copy of ['kiosk.db.key', 'kiosk.db.key-copy'])
    writeFileSync(join(dirname(path), copy), 'damaged');
  expect(await dataKeysOf(dirname(path), secretStore).find()).toBe('locked');
  const before = readFileSync(path);
  const data = await open(path);
  expect([data.isLocked, await firstValueFrom(data.store$)]).toEqual([true, null]);
  await data.dispose();
  expect(readFileSync(path).equals(before)).toBe(true);
});

it('set aside because nobody could open it, a file stays when the keys are lost once more, and three of them at the most', async () => {
  const path = unpack();
  await (await open(path)).dispose();
  const aside = () =>
    readdirSync(dirname(path))
      .filter((name) => /\.damaged-[^.]*$/.test(name))
      .sort();
  const kept: string[][] = [];
  for (let time = 0; time < 4; time += 1) {
    for (const copy of ['kiosk.db.key', 'kiosk.db.key-copy'])
      writeFileSync(join(dirname(path), copy), 'damaged');
    await ports.clock.advance(1_000);
    const data = await open(path);
    expect(data.isLocked).toBe(true);
    await data.erase([], 'keep');
    await data.dispose();
    kept.push(aside());
  }
  const [first = [], second = [], third = [], fourth = []] = kept;
  expect([first.length, second.length, third.length]).toEqual([1, 2, 3]);
  expect(third.slice(0, 2)).toEqual(second);
  expect(fourth.slice(0, 2)).toEqual(third.slice(1));
  expect(fourth).toHaveLength(3);
  // Each with the key that it was sealed with.
  for (const name of fourth) expect(readdirSync(dirname(path))).toContain(`${name}.key`);
  const data = await open(path);
  await data.erase();
  await data.dispose();
  expect(aside()).toEqual([]);
});
