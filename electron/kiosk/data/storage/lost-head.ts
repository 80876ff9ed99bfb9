/**
 * SQLite finds everything in a file by its first page. Where that page alone is lost, the file is as good as gone to SQLite,
 * though every document is still in it.
 */
import { copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { translateDiskError } from '../../platform/disk-failure.ts';
import { applicationId } from './file-format.ts';
import { openKioskFile } from './kiosk-file.ts';
import { sourcePath } from './set-aside.ts';
import type { OpenSqlConnection } from './sql-connection.ts';

const pageSize = 4096;
const magic = 'SQLite format 3\0';
/** Offsets in a file's header (sqlite.org/fileformat2.html, section 1.3). */
const pageCountAt = 28;
const applicationIdAt = 68;

/**
 * A copy of the file with the first page of a new one: every kiosk's file begins its tables at the same pages, so that all
 * others can be read by it; null for another program's database. Throws `storage.read_only` or `storage.disk_full`.
 */
export const copyWithNewHead = (path: string, open: OpenSqlConnection): string | null => {
  const copy = sourcePath(path);
  try {
    const bytes = readFileSync(path);
    if (isForeign(bytes)) return null;
    for (const suffix of ['', '-wal', '-shm']) rmSync(copy + suffix, { force: true });
    openKioskFile(copy, open).close();
    const head = readFileSync(copy).subarray(0, pageSize);
    head.writeUInt32BE(Math.max(1, Math.floor(bytes.length / pageSize)), pageCountAt);
    writeFileSync(copy, Buffer.concat([head, bytes.subarray(pageSize)]));
    if (existsSync(`${path}-wal`)) copyFileSync(`${path}-wal`, `${copy}-wal`);
  } catch (error) {
    throw translateDiskError(error);
  }
  return copy;
};

const isForeign = (bytes: Buffer): boolean =>
  bytes.length >= pageSize &&
  bytes.toString('latin1', 0, magic.length) === magic &&
  bytes.readUInt32BE(applicationIdAt) !== applicationId;
