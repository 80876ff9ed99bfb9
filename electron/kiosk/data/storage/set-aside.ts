/**
 * A damaged file is never repaired in place: what only it knew is read out of it and written to a new one beside it. Only
 * when that is whole does the damaged one get another name, and the new one its place.
 */
import {
  closeSync,
  copyFileSync,
  existsSync,
  fstatSync,
  fsyncSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { AppFailure } from '#shared/errors/app-error.ts';

const mark = '.damaged-';
/** A disk that damages the file at every start must not be filled by what is set aside. */
const mostKept = 3;

type Rename = (from: string, to: string) => void;

export const logs = ['-wal', '-shm'] as const;
/** Of the key that a file was sealed with, which goes with it where that file could not be opened. */
export const keyMark = '.key';
/** What goes with a file that is set aside. */
const companions = [...logs, keyMark] as const;
/** Of a file that is being written. */
export const unfinished = '.new';
export const rebuiltPath = (path: string): string => `${path}.rebuilt`;
/** Of a copy that more can be read from than from the damaged file. */
export const sourcePath = (path: string): string => `${rebuiltPath(path)}-source`;

/** Where the new file is to be written; what an earlier start left there is gone, and so is what was read from. */
export const beginReplacement = (path: string): string => {
  for (const left of [rebuiltPath(path), sourcePath(path)]) {
    for (const suffix of ['', ...logs]) rmSync(left + suffix, { force: true });
  }
  return rebuiltPath(path);
};

/**
 * Puts the new file, which is closed, in the place of the damaged one, and answers with the new name of that. `now` is in
 * ms since the epoch; `rename` is the system's, and a test's where the machine is to stop in between. Throws `storage.disk_full` where part of the new file is in its log only.
 */
export const replace = (path: string, now: number, rename: Rename = renameSync): string => {
  if (existsSync(`${rebuiltPath(path)}-wal`)) throw new AppFailure('storage.disk_full');
  const target = asideName(path, now);
  // The file itself first: a log that goes before it takes what it holds out of a file that the next start may open.
  rename(path, target);
  moveLogs(path, target, rename);
  rename(rebuiltPath(path), path);
  return target;
};

const moveLogs = (from: string, to: string, rename: Rename): void => {
  for (const suffix of logs) if (existsSync(from + suffix)) rename(from + suffix, to + suffix);
};

/** Does what a machine that stopped in the middle of `replace` has left; answers with what was set aside, or null. */
export const finishReplacement = (path: string): string | null => {
  if (existsSync(path) || !existsSync(rebuiltPath(path))) return null;
  const files = setAside(path);
  const hasLog = (name: string): boolean => existsSync(join(dirname(path), `${name}-wal`));
  // By a clock that has gone back it is not the last: but the one that waits for its log has none.
  const last = (existsSync(`${path}-wal`) ? files.findLast((name) => !hasLog(name)) : null) ?? files.at(-1);
  // Before the new file has its place: SQLite would take a log beside it for the new file's.
  if (last !== undefined) moveLogs(path, join(dirname(path), last), renameSync);
  for (const suffix of logs) rmSync(path + suffix, { force: true });
  renameSync(rebuiltPath(path), path);
  return last ?? null;
};

/** The names of what was set aside, without their logs, the oldest first. */
export const setAside = (path: string): string[] =>
  readdirSync(dirname(path))
    .filter((name) => name.startsWith(basename(path) + mark))
    .filter((name) => ![...companions, unfinished].some((suffix) => name.endsWith(suffix)))
    .sort();

/** Keeps the last of what was set aside, `newest` among them whatever the clock said. */
export const forgetOldest = (path: string, newest: string): void => {
  const older = setAside(path).filter((name) => name !== basename(newest));
  for (const name of older.slice(0, Math.max(0, older.length - (mostKept - 1)))) {
    for (const suffix of ['', ...companions]) rmSync(join(dirname(path), name + suffix), { force: true });
  }
};

/** Where the file goes when it is set aside now; `now` is in ms since the epoch. */
const asideName = (path: string, now: number): string =>
  freeName(`${path}${mark}${new Date(now).toISOString().replaceAll(/[:.]/g, '-')}`);

/** Sets aside a file that nothing replaces yet, with its log and what `keyPath` holds, beside the last of the others. */
export const moveAside = (path: string, keyPath: string, now: number): void => {
  if (!existsSync(path)) return;
  const target = asideName(path, now);
  if (existsSync(keyPath)) copyFileSync(keyPath, target + keyMark);
  renameSync(path, target);
  moveLogs(path, target, renameSync);
  forgetOldest(path, target);
};

/** Overwrites and removes all that was ever set aside: it holds what the file held. Throws what the file system says. */
export const eraseSetAside = (path: string): void => {
  const folder = dirname(path);
  for (const name of readdirSync(folder)) {
    if (name.startsWith(basename(path) + mark) || name.startsWith(basename(rebuiltPath(path))))
      eraseFileSync(join(folder, name));
  }
};

/** Overwrites and removes the file and its logs. */
export const eraseDatabase = (path: string): void => {
  for (const suffix of ['', ...logs]) if (existsSync(path + suffix)) eraseFileSync(path + suffix);
};

export const eraseFileSync = (path: string): void => {
  const file = openSync(path, 'r+');
  try {
    writeSync(file, Buffer.alloc(fstatSync(file).size), 0, undefined, 0);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  rmSync(path);
};

const freeName = (wanted: string): string => {
  let name = wanted;
  for (let count = 2; existsSync(name); count += 1) name = `${wanted}-${count}`;
  return name;
};
