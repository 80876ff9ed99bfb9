/** Logs of real databases, as a kill leaves them, on a disk that then changes bytes of them. */
import { cpSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { folderTest } from '#support/folder-test.ts';
import { testCodec } from '#support/kiosk-file.ts';
import { thrownCode as codeOf } from '#support/thrown-code.ts';
import { silentLogger } from '#shared/flow/logger.ts';
import { ManualClock } from '../../platform/manual-clock.ts';
import { openKioskFile, type KioskFile } from './kiosk-file.ts';
import { openFile } from './open-file.ts';
import { beginReplacement, replace } from './set-aside.ts';
import { openSqlConnection } from './sql-connection.ts';
import { readAll } from './stored-rows.ts';
import { mendLog } from './write-ahead-log.ts';

const transactions = 40;
const headerLength = 32;
const frameLength = 24 + 4096;
const frameAt = (index: number): number => headerLength + index * frameLength;
const framesIn = (log: Buffer): number => Math.floor((log.length - headerLength) / frameLength);

const append = (file: KioskFile, index: number): void => {
  const body = JSON.stringify({ index, pad: 'x'.repeat(900) });
  file.writeDocuments('accessEvents', [{ id: `e${index}`, body, replaces: undefined }]);
};

const it = folderTest
  .extend('path', ({ folder }) => join(folder, 'kiosk.db'))
  /** The files that a kill after these writes leaves. */
  .extend('leaveBehind', ({ folder, path }) => (write: (file: KioskFile) => void): void => {
    const running = join(folder, 'running');
    const file = openKioskFile(running, openSqlConnection, readAll, testCodec);
    write(file);
    for (const suffix of ['', '-wal']) cpSync(running + suffix, path + suffix);
    file.close();
  })
  .extend(
    'leaveTransactions',
    ({ leaveBehind }) =>
      (): void =>
        leaveBehind((file) => {
          for (let index = 0; index < transactions; index += 1) append(file, index);
        }),
  )
  .extend('log', ({ path }) => ({
    read: (): Buffer => readFileSync(`${path}-wal`),
    write: (bytes: Buffer): void => writeFileSync(`${path}-wal`, bytes),
  }))
  .extend('flip', ({ log }) => (at: number): void => {
    const bytes = log.read();
    bytes.writeUInt8(bytes.readUInt8(at) ^ 0x10, at);
    log.write(bytes);
  })
  .extend('open', ({ path }) => () => {
    const settings = { path, open: openSqlConnection, clock: new ManualClock(), logger: silentLogger };
    return openFile({ ...settings, codec: testCodec });
  })
  .extend('start', ({ open }) => (): { rows: number; notice: string | undefined } => {
    const { file, notice } = open();
    const rows = file.takeLoaded('accessEvents').length;
    file.close();
    return { rows, notice: notice?.code };
  });

describe('a damaged log', () => {
  it.for([
    ['its magic number', () => 1],
    ['its salt', () => 17],
    ['its checksum', () => 25],
    ['the first page', () => frameAt(0) + 1000],
    ['the number of a page', () => frameAt(20) + 3],
    ['the salt of a page', () => frameAt(20) + 9],
    ['the checksum of a page', () => frameAt(20) + 17],
    ['what a page holds', () => frameAt(20) + 2000],
    ['the last transaction but one', (frames: number) => frameAt(frames - 3) + 2000],
  ] as const)(
    'in %s: what came after it is saved, and it is said',
    ([_where, place], { folder, leaveTransactions, log, flip, start }) => {
      leaveTransactions();
      flip(place(framesIn(log.read())));
      const { rows, notice } = start();
      expect(notice).toBe('storage.set_aside');
      // A page holds a few rows.
      expect(rows).toBeGreaterThanOrEqual(transactions - 5);
      expect(start()).toEqual({ rows, notice: undefined });
      const names = readdirSync(folder).filter((name) => name.startsWith('kiosk.db'));
      expect(names.filter((name) => name.includes('rebuilt'))).toEqual([]);
      expect(names.filter((name) => /damaged-.*-wal$/.test(name))).toHaveLength(1);
    },
  );

  it.for([0, 1, 2, 3])(
    'of a machine that stops after %i renames: the next start has every row, and says so',
    (renames, { folder, path, leaveTransactions, flip, start }) => {
      leaveTransactions();
      writeFileSync(`${path}-shm`, '');
      flip(frameAt(20) + 2000);
      const rebuilt = openKioskFile(beginReplacement(path), openSqlConnection, readAll, testCodec);
      for (let index = 0; index < transactions; index += 1) append(rebuilt, index);
      rebuilt.close();
      let left = renames;
      const stopping = (from: string, to: string): void => {
        if (left === 0) throw new Error('the machine stops');
        left -= 1;
        renameSync(from, to);
      };
      expect(() => replace(path, 0, stopping)).toThrow('the machine stops');
      const { rows, notice } = start();
      expect(rows).toBeGreaterThanOrEqual(transactions - 5);
      expect(notice).toBe('storage.set_aside');
      expect(start()).toEqual({ rows, notice: undefined });
      const names = readdirSync(folder).filter((name) => name.startsWith('kiosk.db'));
      expect(names.filter((name) => /damaged-.*-wal$/.test(name))).toHaveLength(1);
      expect(names.filter((name) => name.includes('rebuilt'))).toEqual([]);
    },
  );

  it('of a file that another instance has open is not looked into', ({
    path,
    leaveTransactions,
    log,
    flip,
    open,
    start,
  }) => {
    leaveTransactions();
    const other = openKioskFile(path, openSqlConnection, readAll, testCodec);
    append(other, transactions);
    append(other, transactions + 1);
    const whole = log.read();
    flip(frameAt(5) + 2000);
    expect(codeOf(open)).toBe('storage.in_use');
    log.write(whole);
    other.close();
    expect(start()).toEqual({ rows: transactions + 2, notice: undefined });
  });

  it('of a file of a later release stays with it', ({ path, leaveTransactions, log, flip, open }) => {
    openKioskFile(path, openSqlConnection, readAll, testCodec).close();
    const connection = openSqlConnection(path);
    connection.exec('PRAGMA user_version = 99');
    connection.close();
    const later = readFileSync(path);
    leaveTransactions();
    writeFileSync(path, later);
    const frames = framesIn(log.read());
    flip(frameAt(frames - 5) + 2000);
    const before = log.read();
    // Page 1 in the log says which release it is of.
    for (let index = 0; index < frames; index += 1) {
      if (before.readUInt32BE(frameAt(index)) === 1) before.writeUInt32BE(99, frameAt(index) + 24 + 60);
    }
    log.write(before);
    expect(codeOf(open)).toBe('storage.newer_version');
    expect(log.read().equals(before)).toBe(true);
    expect(readFileSync(path).equals(later)).toBe(true);
  });
});

it('frames of an earlier state behind a sound log hide nothing that is in it', ({
  leaveTransactions,
  log,
  start,
}) => {
  leaveTransactions();
  const sound = log.read();
  log.write(Buffer.concat([sound, sound.subarray(headerLength, frameAt(20))]));
  expect(mendLog(log.read())).not.toBeNull();
  expect(start()).toEqual({ rows: transactions, notice: 'storage.set_aside' });
});

describe('a log that is no damaged one', () => {
  it('is one that is whole', ({ leaveTransactions, log, start }) => {
    leaveTransactions();
    expect(mendLog(log.read())).toBeNull();
    expect(start()).toEqual({ rows: transactions, notice: undefined });
  });

  it('is one that a power cut has ended anywhere', ({ path, leaveTransactions, log }) => {
    leaveTransactions();
    const { size } = statSync(`${path}-wal`);
    for (let end = 0; end < size; end += 1777) expect(mendLog(log.read().subarray(0, end))).toBeNull();
  });

  it('is one of whose last transaction not every page has reached the disk', ({
    leaveBehind,
    log,
    start,
  }) => {
    leaveBehind((file) => {
      append(file, 0);
      const rows = Array.from({ length: 30 }, (_, index) => index);
      const body = JSON.stringify({ pad: 'x'.repeat(900) });
      file.writeDocuments(
        'accessEvents',
        rows.map((index) => ({ id: `r${index}`, body, replaces: undefined })),
      );
    });
    const bytes = log.read();
    const frames = framesIn(bytes);
    log.write(bytes.fill(0, frameAt(frames - 4), frameAt(frames - 3)));
    expect(mendLog(log.read())).toBeNull();
    expect(start()).toEqual({ rows: 1, notice: undefined });
  });

  it('is one that was begun anew before what it held', ({ leaveBehind, leaveTransactions, log }) => {
    leaveTransactions();
    const old = log.read();
    leaveBehind((file) => append(file, 0));
    const fresh = log.read();
    expect(mendLog(Buffer.concat([fresh, old.subarray(fresh.length)]))).toBeNull();
  });
});
