/** Files that are whole or absent whatever happens in between, and readable by their owner alone. */
import { open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { codeOf } from '#shared/errors/thrown.ts';

const ownerOnly = 0o600;

/** Replaces `path` by `content` (mode 0600): written beside it, flushed, renamed, and the folder flushed. */
export const writeDurably = async (path: string, content: Uint8Array | string): Promise<void> => {
  const beside = `${path}.new`;
  await rm(beside, { force: true });
  const file = await open(beside, 'wx', ownerOnly);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(beside, path);
  await flushFolder(dirname(path));
};

/** Needs no room on the disk. Rejects where there is no such file. */
export const renameDurably = async (from: string, to: string): Promise<void> => {
  await rename(from, to);
  await flushFolder(dirname(to));
};

/** The file's bytes, or null where there is no such file. */
export const readIfPresent = async (path: string): Promise<Buffer | null> => {
  try {
    return await readFile(path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
};

/**
 * Overwrites what the file held before it removes it, so that a plain undelete brings nothing back. A replacement that was
 * cut short goes as well.
 */
export const eraseFile = async (path: string): Promise<void> => {
  for (const each of [path, `${path}.new`]) await eraseOne(each);
  await flushFolder(dirname(path));
};

const eraseOne = async (path: string): Promise<void> => {
  const content = await readIfPresent(path);
  if (content) {
    const file = await open(path, 'r+');
    try {
      await file.write(Buffer.alloc(content.length));
      await file.sync();
    } finally {
      await file.close();
    }
  }
  await rm(path, { force: true });
};

/** A rename or removal is durable once its folder is; Windows has no such call and needs none. */
const flushFolder = async (folder: string): Promise<void> => {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
};
