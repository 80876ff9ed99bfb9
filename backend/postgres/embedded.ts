/**
 * A real PostgreSQL of the backend's own, for stores and machines without a database server. It listens on a Unix socket
 * in a private folder and on no network. It has its own process group, so that Ctrl+C reaches the backend first; a guard
 * process ends it when the backend dies without a chance to. A PostgreSQL that ends by itself is started again: what was
 * committed is recovered, and the backend's connections are made anew.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { AppFailure } from '#shared/errors/app-error.ts';
import { describeThrown } from '#shared/errors/thrown.ts';
import { inTime } from '#shared/flow/in-time.ts';
import type { Logger } from '#shared/flow/logger.ts';
import { systemTimer } from '../platform/ports.ts';
import { prepareBinaries } from './binaries.ts';
import { openCluster, privateFolder, systemDir, type Cluster } from './cluster.ts';
import { dataFolderMode, stopLeftover, takeFolder } from './owner.ts';
import type { RunAs } from './run-as.ts';

export interface EmbeddedPostgres {
  /** A `pg` connection of this database; holds the password. */
  readonly connection: {
    readonly host: string;
    readonly user: string;
    readonly password: string;
    readonly database: string;
  };
  /** Stops PostgreSQL, within 15 s. */
  dispose(): Promise<void>;
}

/** Small: one store, or a test. `fsync` and `full_page_writes` stay on, and a commit waits for the disk. */
const settings = {
  listen_addresses: '',
  unix_socket_permissions: '0700',
  max_connections: '40',
  shared_buffers: '32MB',
  max_wal_size: '256MB',
  fsync: 'on',
  synchronous_commit: 'on',
  io_method: 'sync',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_statement: 'none',
  log_min_error_statement: 'panic',
  log_parameter_max_length_on_error: '0',
};

const startDeadlineMs = 60_000;
const fastStopMs = 10_000;
const firstRestartMs = 250;
const longestRestartMs = 15_000;

/** Starts it; first run: makes the cluster. Throws `storage.in_use` while another backend uses `dataDir`. */
export const startEmbeddedPostgres = async (dataDir: string, logger: Logger): Promise<EmbeddedPostgres> => {
  if (process.platform === 'win32') {
    throw new AppFailure('config.invalid', {
      source: 'environment',
      path: 'DATABASE_URL',
      problem: 'the built-in PostgreSQL needs Linux or macOS; set DATABASE_URL',
    });
  }
  const copies = process.getuid?.() === 0 ? systemDir : resolve(dataDir);
  const binaries = (user: RunAs | null): Promise<string> => prepareBinaries(user, copies);
  await mkdir(dataDir, { recursive: true, mode: dataFolderMode });
  // Before anything is looked at: what has no password yet may be a backup that is being restored, or a first start.
  const giveUp = await takeFolder(dataDir);
  try {
    const cluster = await openCluster(dataDir, binaries);
    if (await stopLeftover(cluster.dir)) logger.warn('stopped a PostgreSQL that was left behind');
    return await startCluster(cluster, await binaries(cluster.runAs), { logger, giveUp });
  } catch (failure) {
    await giveUp();
    throw failure;
  }
};

/** `giveUp` is called once it has ended; not where it does not start. */
const startCluster = async (
  cluster: Cluster,
  bin: string,
  { logger, giveUp }: { readonly logger: Logger; readonly giveUp: () => Promise<void> },
): Promise<EmbeddedPostgres> => {
  const socketDir = await privateFolder(cluster.runAs);
  const args = ['-D', cluster.dir, '-k', socketDir];
  for (const [name, value] of Object.entries(settings)) args.push('-c', `${name}=${value}`);
  const start = async (): Promise<Running> => {
    const server = spawn(join(bin, 'postgres'), args, {
      ...cluster.runAs,
      cwd: socketDir,
      env: {},
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    try {
      await untilReady(server);
    } catch (failure) {
      server.kill('SIGQUIT');
      throw failure;
    }
    return { server, guard: spawnGuard(server.pid ?? 0, cluster.dir, socketDir) };
  };
  try {
    const kept = keepRunning(await start(), start, logger);
    return {
      connection: { host: socketDir, user: 'latchpoint', password: cluster.password, database: 'postgres' },
      dispose: async () => {
        await kept.dispose();
        await rm(socketDir, { recursive: true, force: true });
        await giveUp();
      },
    };
  } catch (failure) {
    await rm(socketDir, { recursive: true, force: true });
    throw failure;
  }
};

interface Running {
  readonly server: ChildProcess;
  readonly guard: ChildProcess;
}

/** Starts it again whenever it has ended, after a pause that grows while it does not come up. */
const keepRunning = (
  first: Running,
  start: () => Promise<Running>,
  logger: Logger,
): { dispose(): Promise<void> } => {
  const stopping = new AbortController();
  const pause = (ms: number): Promise<unknown> =>
    sleep(ms, undefined, { signal: stopping.signal }).catch(() => undefined);
  let running: Running | null = first;

  const untilUp = async (): Promise<Running | null> => {
    for (let ms = firstRestartMs; ; ms = Math.min(longestRestartMs, ms * 2)) {
      await pause(ms);
      if (stopping.signal.aborted) return null;
      try {
        return await start();
      } catch (failure) {
        // Its former processes may hold its memory for a moment longer.
        logger.error('PostgreSQL does not start', describeThrown(failure));
      }
    }
  };
  const run = async (): Promise<void> => {
    while (running) {
      const { server, guard } = running;
      if (server.exitCode === null && server.signalCode === null) await once(server, 'exit');
      if (stopping.signal.aborted) return;
      guard.kill('SIGKILL');
      logger.error('PostgreSQL ended by itself and is started again');
      running = await untilUp();
    }
  };
  const kept = run();
  return {
    dispose: async () => {
      stopping.abort();
      if (running) await stop(running.server);
      await kept;
      // It may have come up just now.
      if (running) await stop(running.server);
      running?.guard.kill('SIGKILL');
    },
  };
};

/** Resolves when PostgreSQL says that it accepts connections; what it says is otherwise kept for the failure only. */
const untilReady = async (server: ChildProcess): Promise<void> => {
  let said = '';
  const ready = new Promise<true>((resolve, reject) => {
    server.once('error', reject);
    server.once('exit', (code) => reject(new Error(`PostgreSQL ended (${code}): ${said.slice(-600)}`)));
    server.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
      said = (said + chunk).slice(-4000);
      if (chunk.includes('ready to accept connections')) resolve(true);
    });
  });
  const isReady = await inTime({ timer: systemTimer, ms: startDeadlineMs }, ready, () => false);
  if (!isReady) throw new Error('PostgreSQL did not start in time');
};

/**
 * A shell that waits for the end of its input, which is the end of this process however it comes, and then asks this
 * cluster's PostgreSQL to stop. It looks at `postmaster.pid` first, so that a reused process id is never signalled.
 */
const spawnGuard = (pid: number, clusterDir: string, socketDir: string): ChildProcess => {
  const script =
    'read -r _; read -r found < "$2/postmaster.pid" && [ "$found" = "$1" ] && kill -INT "$1" && rm -rf "$3"';
  const guard = spawn('/bin/sh', ['-c', script, 'latchpoint-guard', String(pid), clusterDir, socketDir], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  guard.unref();
  return guard;
};

const stop = async (server: ChildProcess): Promise<void> => {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = once(server, 'exit');
  server.kill('SIGINT');
  await inTime({ timer: systemTimer, ms: fastStopMs }, ended, () => server.kill('SIGQUIT'));
  await ended;
};
