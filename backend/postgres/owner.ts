/** Which backend a data folder belongs to right now, and the end of a PostgreSQL that a killed backend left behind. */
import { chmod, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { AppFailure } from '#shared/errors/app-error.ts';
import { codeOf } from '#shared/errors/thrown.ts';
import { readJson } from '#shared/models/json.ts';

const ownerSchema = z.object({ pid: z.int(), startedAt: z.string() });

/** The kernel's record of a process, from its state letter on; null where there is none (or no /proc). */
const recordOf = async (pid: number): Promise<string[] | null> => {
  const line = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  return line === null ? null : line.slice(line.lastIndexOf(')') + 2).split(' ');
};

/** When a process started, in the kernel's ticks, so that a reused process id is not mistaken; '' where unknown. */
const startOf = async (pid: number): Promise<string> => (await recordOf(pid))?.[19] ?? '';

/** A process that has ended and that its parent has not asked after yet (a zombie) counts as ended. */
export const isAlive = async (pid: number): Promise<boolean> => {
  try {
    process.kill(pid, 0);
  } catch (failure) {
    if (codeOf(failure) !== 'EPERM') return false;
  }
  const state = (await recordOf(pid))?.[0];
  return state !== 'Z' && state !== 'X';
};

/** PostgreSQL's own user has to pass through it to the cluster; nobody else can list it or write to it. */
export const dataFolderMode = 0o711;

const lockName = 'backend.lock';
const sqliteBusy = 5;

/**
 * The kernel's lock on a file, as SQLite takes it: of those that ask at the same time one has it, and it ends with the process,
 * however that ends. `close` gives it up. Throws `storage.in_use` where another has it.
 */
export const takeLock = async (path: string): Promise<Pick<DatabaseSync, 'close' | 'isOpen'>> => {
  const lock = new DatabaseSync(path, { timeout: 0 });
  try {
    // Nothing is ever written: its journal needs no file.
    lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    // By its name: to open and close it would give up the lock.
    await chmod(path, 0o600);
    return lock;
  } catch (failure) {
    lock.close();
    const isHeld =
      failure instanceof Error && 'errcode' in failure && (Number(failure.errcode) & 0xff) === sqliteBusy;
    throw isHeld ? new AppFailure('storage.in_use') : failure;
  }
};

/** Throws `storage.in_use` while another backend, or a command, holds the folder. The returned function gives it up. */
export const takeFolder = async (dataDir: string): Promise<() => Promise<void>> => {
  const lock = await takeLock(join(dataDir, lockName));
  const path = join(dataDir, 'backend.pid');
  try {
    await refuseOwner(path);
    const own = JSON.stringify({ pid: process.pid, startedAt: await startOf(process.pid) });
    // Made anew: an earlier release left it open to others, and a file keeps the mode that it has.
    await rm(path, { force: true });
    await writeFile(path, own, { mode: 0o600 });
  } catch (failure) {
    lock.close();
    throw failure;
  }
  return async () => {
    await rm(path, { force: true });
    if (lock.isOpen) lock.close();
  };
};

/** A backend of an earlier release has no lock, and is known by its process id alone. */
const refuseOwner = async (path: string): Promise<void> => {
  const text = await readFile(path, 'utf8').catch(() => null);
  // A torn file says nothing about an owner.
  const owner = readJson(ownerSchema, text);
  if (!owner || owner.pid === process.pid || !(await isAlive(owner.pid))) return;
  if ((await startOf(owner.pid)) === owner.startedAt) throw new AppFailure('storage.in_use');
};

/** The process id in `postmaster.pid`, if that process is a live PostgreSQL on this cluster. */
export const livePostmaster = async (clusterDir: string): Promise<number | null> => {
  const text = await readFile(join(clusterDir, 'postmaster.pid'), 'utf8').catch(() => '');
  const pid = Number(text.split('\n')[0]);
  if (!Number.isInteger(pid) || pid <= 1 || !(await isAlive(pid))) return null;
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => null);
  return command === null || command.includes('postgres') ? pid : null;
};

const waitForEnd = async (pid: number, ms: number): Promise<boolean> => {
  const end = performance.now() + ms;
  while (performance.now() < end) {
    if (!(await isAlive(pid))) return true;
    await sleep(25);
  }
  return false;
};

/**
 * Stops a PostgreSQL that still runs on the cluster, so that there are never two: politely (at most 10 s), then at once,
 * which costs a crash recovery at the next start but no data.
 */
export const stopLeftover = async (clusterDir: string): Promise<boolean> => {
  const pid = await livePostmaster(clusterDir);
  if (pid === null) return false;
  for (const [signal, ms] of [
    ['SIGINT', 10_000],
    ['SIGQUIT', 5_000],
  ] as const) {
    try {
      process.kill(pid, signal);
    } catch {
      return true; // It ended between the two looks.
    }
    if (await waitForEnd(pid, ms)) return true;
  }
  throw new AppFailure('storage.in_use');
};
