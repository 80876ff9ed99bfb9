/** Files that are either whole or absent: written beside, flushed, then put in place. All are readable by their owner only. */
import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { codeOf } from '#shared/errors/thrown.ts';

/** The file's text, or null where there is none. */
export const readText = async (path: string): Promise<string | null> => {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw error;
  }
};

const writeBeside = async (path: string, text: string): Promise<string> => {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const beside = `${path}.${randomUUID()}.part`;
  const file = await open(beside, 'wx', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  return beside;
};

/**
 * The text at `path`; where there is none, `make` is asked for it and it is put there. Of several processes that do this at
 * once exactly one's text stays and all get that one: a hard link, unlike a rename, never replaces.
 */
export const readOrCreateText = async (path: string, make: () => Promise<string>): Promise<string> => {
  const present = await readText(path);
  if (present !== null) return present;
  const made = await make();
  const beside = await writeBeside(path, made);
  try {
    await link(beside, path);
    return made;
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    const winner = await readText(path);
    if (winner === null) throw error;
    return winner;
  } finally {
    await rm(beside, { force: true });
  }
};
