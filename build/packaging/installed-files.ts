/** What lies in a packed folder, in an order that no file system decides. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, statSync, utimesSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

export interface InstalledFile {
  /** With slashes, from the packed folder. */
  readonly path: string;
  readonly bytes: number;
}

export const filesIn = (dir: string): readonly InstalledFile[] =>
  readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => ({ path: relative(dir, file).split(sep).join('/'), bytes: statSync(file).size }))
    .sort((one, other) => (one.path < other.path ? -1 : 1));

/**
 * The time that a package carries, in seconds since 1970: `SOURCE_DATE_EPOCH`, else that of the commit, so that the same source gives
 * the same bytes.
 */
export const sourceDate = (root: string, env: Readonly<Record<string, string | undefined>>): number => {
  const given = env['SOURCE_DATE_EPOCH'];
  if (given !== undefined && /^\d+$/.test(given)) return Number(given);
  const { status, stdout } = spawnSync('git', ['log', '-1', '--format=%ct'], { cwd: root, encoding: 'utf8' });
  const noHistory = Date.UTC(2026, 0, 1) / 1000;
  return status === 0 ? Number(stdout.trim()) : noHistory;
};

/** Gives every file and folder in `dir` that time. */
export const dateAll = (dir: string, seconds: number): void => {
  for (const name of [...readdirSync(dir, { recursive: true, encoding: 'utf8' }), '.']) {
    utimesSync(join(dir, name), seconds, seconds);
  }
};

/** A UUID that is the same for the same name (RFC 9562, version 8 by SHA-256). */
export const uuidOf = (name: string): string => {
  const bytes = createHash('sha256').update(`latchpoint:${name}`).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const [a, b, c, d, e] = [
    [0, 4],
    [4, 6],
    [6, 8],
    [8, 10],
    [10, 16],
  ].map(([from, to]) => bytes.subarray(from, to).toString('hex'));
  return [a, b, c, d, e].join('-').toUpperCase();
};
