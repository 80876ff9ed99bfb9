/** Files that nobody but their owner reads: 0600 in folders of 0700. On Windows the profile's own rights do that. */
import { chmod, lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '#shared/errors/thrown.ts';
import type { Logger } from '#shared/flow/logger.ts';

/** What every process of the kiosk sets first, so that whatever it writes is its owner's alone. */
export const ownerOnlyUmask = 0o077;
const othersBits = 0o077;
/** The data folder holds files, and folders of files. */
const deepest = 4;

/**
 * Takes from everything below `path`, and from it, what others may do there: an installation of an earlier release is
 * mended. Gives nobody anything, follows no link, and says in the log what it could not change.
 */
export const keepToOwner = async (path: string, logger: Logger, depth = 0): Promise<void> => {
  if (process.platform === 'win32' || depth > deepest) return;
  try {
    const found = await lstat(path);
    if (found.isSymbolicLink()) return;
    if ((found.mode & othersBits) !== 0) await chmod(path, found.mode & 0o700);
    if (!found.isDirectory()) return;
  } catch (error) {
    const code = codeOf(error);
    // SQLite removes its files beside the database when it likes.
    if (code !== 'ENOENT') logger.warn('file stays open to others', { code });
    return;
  }
  const names = await readdir(path).catch(() => []);
  for (const name of names) await keepToOwner(join(path, name), logger, depth + 1);
};
