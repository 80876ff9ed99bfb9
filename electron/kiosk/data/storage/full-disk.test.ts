/** A disk that is full from any one step of a start on: the same code each time, and nothing lost once there is room. */
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import type fs from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test as base, vi } from 'vitest';
import { AppFailure } from '#shared/errors/app-error.ts';
import { silentLogger } from '#shared/flow/logger.ts';
import { ManualClock } from '../../platform/manual-clock.ts';
import { openFile } from './open-file.ts';
import { openSqlConnection, type OpenSqlConnection } from './sql-connection.ts';

/** What is still taken; each step of the system's or of SQLite's takes one. */
const disk = vi.hoisted(() => ({ left: Infinity }));
const spend = vi.hoisted(() => (refusal: () => Error) => {
  disk.left -= 1;
  if (disk.left < 0) throw refusal();
});
vi.mock('node:fs', async (load) => {
  const real = await load<typeof fs>();
  const noRoom = () => Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
  const refusing =
    <A extends unknown[], R>(act: (...args: A) => R) =>
    (...args: A): R => {
      spend(noRoom);
      return act(...args);
    };
  return {
    ...real,
    copyFileSync: refusing(real.copyFileSync),
    writeFileSync: refusing(real.writeFileSync),
    mkdirSync: refusing(real.mkdirSync),
    renameSync: refusing(real.renameSync),
    openSync: refusing(real.openSync),
    writeSync: refusing(real.writeSync),
    fsyncSync: refusing(real.fsyncSync),
  };
});

const full = () => Object.assign(new Error('database or disk is full'), { errcode: 13 });
/** SQLite may need room for whatever it is asked: its log and the index of that grow by reading, too. */
const onDisk: OpenSqlConnection = (...args) => {
  spend(full);
  const connection = openSqlConnection(...args);
  const refusing =
    <A extends unknown[], R>(act: (...args: A) => R) =>
    (...args: A): R => {
      spend(full);
      return act(...args);
    };
  return {
    get inTransaction() {
      return connection.inTransaction;
    },
    exec: refusing((sql) => connection.exec(sql)),
    prepare: (sql) => {
      const statement = connection.prepare(sql);
      return {
        run: refusing((...values) => statement.run(...values)),
        all: refusing((...values) => statement.all(...values)),
        iterate: refusing((...values) => statement.iterate(...values)),
      };
    },
    close: () => connection.close(),
  };
};

/** Hundreds of starts, each of which flushes what it writes. */
const memory = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
const open = (path: string) =>
  openFile({ path, open: onDisk, clock: new ManualClock(), logger: silentLogger });
const ids = Array.from({ length: 3 }, (_, at) => `e${at}`);
const write = (path: string) => {
  const { file } = open(path);
  const body = JSON.stringify({ pad: 'x'.repeat(3000) });
  file.writeDocuments(
    'accessEvents',
    ids.map((id) => ({ id, body, replaces: undefined })),
  );
  return file;
};
const whole = (path: string): void => write(path).close();
const damaged = (path: string): void => {
  whole(path);
  const bytes = readFileSync(path);
  bytes.fill(0xa5, 0, 512);
  writeFileSync(path, bytes);
};
/** Its last writes are in its log alone, as after a kill. */
const killed = (path: string): void => {
  const folder = dirname(path);
  const file = write(path);
  for (const name of readdirSync(folder)) copyFileSync(join(folder, name), join(folder, `kept-${name}`));
  file.close();
  for (const suffix of ['', '-wal']) copyFileSync(join(folder, `kept-kiosk.db${suffix}`), path + suffix);
  for (const name of readdirSync(folder)) if (name.startsWith('kept-')) rmSync(join(folder, name));
};
const emptied = (path: string): void => {
  killed(path);
  truncateSync(path, 0);
};

const outcomeOf = (path: string): string => {
  try {
    const { file, notice } = open(path);
    file.close();
    return notice?.code === 'storage.disk_full' ? notice.code : 'opened';
  } catch (error) {
    return error instanceof AppFailure ? error.error.code : String(error);
  }
};

const test = base
  .extend('folder', ({}, { onCleanup }) => {
    const folder = mkdtempSync(join(memory, 'latchpoint-full-'));
    onCleanup(() => {
      disk.left = Infinity;
      rmSync(folder, { recursive: true, force: true });
    });
    return folder;
  })
  .extend('path', ({ folder }) => join(folder, 'kiosk.db'));

test.for<readonly [string, (path: string) => void, readonly string[], string | undefined]>([
  ['that is new', () => undefined, [], undefined],
  ['that is whole', whole, ids, undefined],
  ['that was killed', killed, ids, undefined],
  ['that is damaged', damaged, ids, 'storage.set_aside'],
  ['whose file was emptied beside its log', emptied, ids, 'storage.set_aside'],
])('a start of data %s', ([_what, make, held, said], { folder, path }) => {
  make(path);
  const made = new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))]));
  for (let left = 0; left < 500; left += 1) {
    for (const name of readdirSync(folder)) rmSync(join(folder, name));
    for (const [name, content] of made) writeFileSync(join(folder, name), content);
    disk.left = left;
    const outcome = outcomeOf(path);
    const isEnough = disk.left >= 0;
    disk.left = Infinity;
    const { file, notice } = open(path);
    const saved = file.takeLoaded('accessEvents').map(({ id }) => id);
    file.close();
    expect([left, outcome, saved]).toEqual([
      left,
      expect.stringMatching(/^(storage\.disk_full|opened)$/),
      held,
    ]);
    // Told by one of the two at the latest.
    if (outcome !== 'opened') expect([left, notice?.code]).toEqual([left, said]);
    if (isEnough) return;
  }
  expect.unreachable('it never had enough');
});
