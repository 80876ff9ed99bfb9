/** Finds a log that is damaged before SQLite opens the file: opening would drop what comes after the fault for good. */
import { copyFileSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { AppFailure } from '#shared/errors/app-error.ts';
import { translateDiskError } from '../../platform/disk-failure.ts';
import { refuseNewer } from './file-format.ts';
import { sourcePath } from './set-aside.ts';
import type { OpenSqlConnection } from './sql-connection.ts';
import { translateSqlError } from './sql-failure.ts';
import { mendLog } from './write-ahead-log.ts';

/**
 * Null where the log is sound and beside its file, or there is none. Else the path of a copy from which more can be read than from the file itself;
 * that one is left as it is. Throws `storage.in_use`, `storage.newer_version`, `storage.read_only` or `storage.disk_full`.
 */
export const copyWithMendedLog = (path: string, open: OpenSqlConnection): string | null => {
  if (isEmptied(path)) return copyAsItIs(path);
  const mended = readMended(`${path}-wal`);
  if (!mended || !existsSync(path)) return null;
  refuseUse(path, open);
  return copyWith(path, (log) => writeFileSync(log, mended, { mode: 0o600 }));
};

/** A copy of the file with its log, which reading can change. Throws `storage.read_only` or `storage.disk_full`. */
export const copyAsItIs = (path: string): string => copyWith(path, (log) => copyFileSync(`${path}-wal`, log));

/** SQLite drops a log that it finds beside a file without a byte. One that is not there at all is made. */
const isEmptied = (path: string): boolean => {
  try {
    if (sizeOf(`${path}-wal`) === 0 || sizeOf(path) > 0) return false;
    if (!existsSync(path)) writeFileSync(path, '', { mode: 0o600 });
    return true;
  } catch (error) {
    throw translateDiskError(error);
  }
};

const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

const copyWith = (path: string, putLog: (path: string) => void): string => {
  const copy = sourcePath(path);
  try {
    for (const suffix of ['-wal', '-shm']) rmSync(copy + suffix, { force: true });
    copyFileSync(path, copy);
    putLog(`${copy}-wal`);
  } catch (error) {
    throw translateDiskError(error);
  }
  return copy;
};

const readMended = (logPath: string): Uint8Array | null => {
  try {
    return existsSync(logPath) ? mendLog(readFileSync(logPath)) : null;
  } catch (error) {
    throw translateDiskError(error);
  }
};

/** A log in which another instance writes right now may look damaged; a file of a later release stays as it is. */
const refuseUse = (path: string, open: OpenSqlConnection): void => {
  const connection = open(path, { readOnly: true });
  try {
    refuseNewer(connection);
  } catch (error) {
    const translated = translateSqlError(error);
    if (translated instanceof AppFailure) throw translated;
  } finally {
    connection.close();
  }
};
