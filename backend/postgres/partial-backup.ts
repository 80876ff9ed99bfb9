/** The folder that a backup is made in. It gets its name once it is whole; what a killed one has left goes with the next backup. */
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import process from 'node:process';
import { AppFailure } from '#shared/errors/app-error.ts';
import { exists } from './cluster.ts';
import { isAlive, takeLock } from './owner.ts';

/** In it, while the backup is being made: also where the process that makes it can't be seen from here. */
const lockName = 'backup.lock';

export interface PartialBackup {
  readonly folder: string;
  /** Gives it the name `target`. Rejects where that is there and holds something. */
  finish(): Promise<void>;
  /** To be called at the end, however that is: what has no name by then goes. */
  dispose(): Promise<void>;
}

/** Makes the folder beside `target`, its own for each process: several may make a backup of one name at the same time. */
export const beginBackup = async (target: string): Promise<PartialBackup> => {
  await removeLeftovers(target);
  const folder = `${resolve(target)}.${process.pid}.partial`;
  // Of a process with this number in another container, which may be at it.
  await removeUnlessHeld(folder);
  await mkdir(folder, { mode: 0o700, recursive: true });
  const lock = await lockFolder(folder);
  return {
    folder,
    finish: async () => {
      await rename(folder, target);
      await rm(join(target, lockName), { force: true });
    },
    dispose: async () => {
      if (lock?.isOpen) lock.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
};

/** Null where the file system of a backup knows no locks: it is made all the same. */
const lockFolder = async (folder: string): Promise<Awaited<ReturnType<typeof takeLock>> | null> => {
  try {
    return await takeLock(join(folder, lockName));
  } catch (failure) {
    if (failure instanceof AppFailure && failure.error.code === 'storage.in_use') throw failure;
    return null;
  }
};

const removeLeftovers = async (target: string): Promise<void> => {
  const parent = dirname(resolve(target));
  const names = await readdir(parent).catch((): string[] => []);
  for (const name of names) {
    const pid = pidIn(name, basename(resolve(target)));
    if (pid === null || (await isAlive(pid))) continue;
    // Of another user, it may stay.
    await removeUnlessHeld(join(parent, name)).catch(() => undefined);
  }
};

const pidIn = (name: string, target: string): number | null => {
  const [, pid] = /^\.(\d+)\.partial$/.exec(name.slice(target.length)) ?? [];
  return name.startsWith(target) && pid !== undefined ? Number(pid) : null;
};

/** A process of another container is none of this one's; its lock is seen all the same. */
const removeUnlessHeld = async (folder: string): Promise<void> => {
  const path = join(folder, lockName);
  const lock = (await exists(path)) ? await takeLock(path).catch(() => null) : undefined;
  if (lock === null) return;
  await rm(folder, { recursive: true, force: true });
  lock?.close();
};
