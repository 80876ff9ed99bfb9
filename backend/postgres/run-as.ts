/** Which system user runs PostgreSQL, and what that user can reach. PostgreSQL refuses to run as root. */
import { readFile, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import process from 'node:process';
import { AppFailure } from '#shared/errors/app-error.ts';

export interface RunAs {
  readonly uid: number;
  readonly gid: number;
}

/** In this order: PostgreSQL's usual user, else the one with no rights, which every system has. */
const candidates = ['postgres', 'nobody'];

/**
 * Null when this process can run PostgreSQL as itself. As root: the owner of a cluster that exists, so that it stays
 * readable, else the first user of the list above. Throws `config.invalid` when there is none.
 */
export const chooseRunAs = async (clusterDir: string): Promise<RunAs | null> => {
  if (process.getuid?.() !== 0) return null;
  const owner = await stat(clusterDir).catch(() => null);
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  const lines = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'));
  for (const name of candidates) {
    const line = lines.find((fields) => fields[0] === name);
    if (line) return { uid: Number(line[2]), gid: Number(line[3]) };
  }
  throw new AppFailure('config.invalid', {
    source: 'system',
    path: 'DATABASE_URL',
    problem: 'PostgreSQL does not run as root and there is no user "postgres"; set DATABASE_URL',
  });
};

/** Whether `user` can pass through every folder down to and including `folder`. */
export const canReach = async (user: RunAs | null, folder: string): Promise<boolean> => {
  if (!user) return true;
  for (let path = resolve(folder); ; path = dirname(path)) {
    const found = await stat(path).catch(() => null);
    if (found) {
      const shift = found.uid === user.uid ? 6 : found.gid === user.gid ? 3 : 0;
      if (((found.mode >> shift) & 1) === 0) return false;
    }
    if (path === dirname(path)) return true;
  }
};
