/** Where the embedded cluster lies, its password, and its first creation. */
import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { access, chmod, chown, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { AppFailure } from '#shared/errors/app-error.ts';
import { codeOf } from '#shared/errors/thrown.ts';
import { syncToDisk } from './backup-folder.ts';
import { dataFolderMode } from './owner.ts';
import { canReach, chooseRunAs, type RunAs } from './run-as.ts';

/** For root, whose own folders PostgreSQL's user often cannot pass through. */
export const systemDir = '/var/lib/latchpoint';

/** In `DATA_DIR`, while a backup is being restored into it, and after that was broken off. */
export const restoringName = 'restore.unfinished';

export interface Cluster {
  readonly dir: string;
  readonly runAs: RunAs | null;
  readonly password: string;
}

/** Rejects where that cannot be known: what may not be looked at, or lies on a disk that does not answer, is not gone. */
export const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    (failure: unknown) => {
      if (absent.has(codeOf(failure))) return false;
      throw failure;
    },
  );
const absent: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR']);

const giveTo = async (user: RunAs | null, path: string): Promise<void> => {
  if (user) await chown(path, user.uid, user.gid);
};

/** Makes folders that others can pass through, whatever the umask. */
const openFolder = async (...folders: string[]): Promise<void> => {
  for (const folder of folders) {
    await mkdir(folder, { recursive: true });
    await chmod(folder, 0o755);
  }
};

/** A short-lived folder that only PostgreSQL's user (and root) can enter: sockets, the password at creation. */
export const privateFolder = async (user: RunAs | null): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'latchpoint-pg-'));
  await giveTo(user, folder);
  return folder;
};

/** Where the cluster of `dataDir` lies or would lie, and where its password does. */
export const locateCluster = async (
  dataDir: string,
): Promise<{ readonly dir: string; readonly isOutside: boolean; readonly passwordFile: string }> => {
  const inside = join(resolve(dataDir), 'postgres');
  const name = createHash('sha256').update(resolve(dataDir)).digest('hex').slice(0, 24);
  const isOutside = !(await canReach(await chooseRunAs(inside), dataDir));
  return {
    dir: isOutside ? join(systemDir, 'clusters', name) : inside,
    isOutside,
    passwordFile: join(dataDir, 'postgres.password'),
  };
};

/** PostgreSQL writes it at its first start, which comes after the password is kept; no backup holds it. */
const usedName = 'postmaster.opts';

/**
 * A cluster that has been worked with is never removed: its password may be lost, or the volume of `dataDir` not be mounted. Throws
 * `config.invalid` where there is one.
 */
export const refuseUsed = async (dataDir: string): Promise<void> => {
  const { dir, passwordFile } = await locateCluster(dataDir);
  if (!(await exists(join(dir, usedName)))) return;
  const problem = `holds no ${basename(passwordFile)}, but its database is in ${dir}: put the file back (or mount the volume), or move the database away`;
  throw new AppFailure('config.invalid', { source: 'environment', path: 'DATA_DIR', problem });
};

/** An empty folder for a cluster, in place of whatever an interrupted creation left there. Refuses as `refuseUsed`. */
export const makeClusterFolder = async (
  dataDir: string,
): Promise<{ readonly dir: string; readonly runAs: RunAs | null }> => {
  const { dir, isOutside } = await locateCluster(dataDir);
  await refuseUsed(dataDir);
  await rm(dir, { recursive: true, force: true });
  const runAs = await chooseRunAs(dir);
  if (isOutside) await openFolder(systemDir, dirname(dir));
  await mkdir(dir, { mode: 0o700 });
  await giveTo(runAs, dir);
  return { dir, runAs };
};

/** Written last: it says that the cluster is whole. */
export const keepPassword = async (passwordFile: string, password: string): Promise<void> => {
  await writeFile(`${passwordFile}.new`, password, { mode: 0o600, flush: true });
  await rename(`${passwordFile}.new`, passwordFile);
  await syncToDisk(dirname(passwordFile));
};

/**
 * The cluster of `dataDir`, made if there is none. The password file in `dataDir` is written last: without it, what an
 * interrupted creation left behind is removed first.
 */
export const openCluster = async (
  dataDir: string,
  binaries: (user: RunAs | null) => Promise<string>,
): Promise<Cluster> => {
  await mkdir(dataDir, { recursive: true, mode: dataFolderMode });
  const { dir, passwordFile } = await locateCluster(dataDir);
  if (!(await exists(passwordFile))) {
    if (await exists(join(dataDir, restoringName))) {
      const problem = 'holds a part of a backup: restore it again, or empty the folder';
      throw new AppFailure('config.invalid', { source: 'environment', path: 'DATA_DIR', problem });
    }
    const { runAs } = await makeClusterFolder(dataDir);
    const password = randomBytes(24).toString('base64url');
    await initialise(await binaries(runAs), dir, runAs, password);
    await keepPassword(passwordFile, password);
  }
  return { dir, runAs: await chooseRunAs(dir), password: await readFile(passwordFile, 'utf8') };
};

const initialise = async (bin: string, dir: string, user: RunAs | null, password: string): Promise<void> => {
  const folder = await privateFolder(user);
  try {
    const passwordFile = join(folder, 'password');
    await writeFile(passwordFile, password, { mode: 0o600 });
    await giveTo(user, passwordFile);
    const args = ['--pgdata', dir, '--username', 'latchpoint', '--pwfile', passwordFile];
    args.push('--auth', 'scram-sha-256', '--encoding', 'UTF8', '--no-locale', '--no-instructions');
    await promisify(execFile)(join(bin, 'initdb'), args, { cwd: folder, env: {}, ...user });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
