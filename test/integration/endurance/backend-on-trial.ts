/** The backend as a process with its own PostgreSQL, which is started again after whatever ended it. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { silentLogger } from '#shared/flow/logger.ts';
import { openDatabase, type Database } from '#backend/store/database.ts';
import { startChild, type Child } from '#support/simulated-store/child.ts';
import { z } from 'zod';

export interface BackendOnTrial {
  readonly url: string;
  /** SIGKILL for the backend (whose PostgreSQL is stopped by its guard) or for PostgreSQL; resolves when it answers again. */
  kill(what: 'backend' | 'postgres'): Promise<void>;
  /** The database, past the backend. */
  openDatabase(): Promise<Database>;
  dispose(): Promise<void>;
}

export interface BackendOnTrialOptions {
  readonly dataDir: string;
  readonly logDir: string;
  readonly env: Readonly<Record<string, string>>;
}

const readyPort = z.looseObject({ port: z.int() });
const startAttempts = 5;

export const startBackendOnTrial = async (options: BackendOnTrialOptions): Promise<BackendOnTrial> => {
  let port = 0;
  const start = async (): Promise<Child> => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const child = await startChild({
          name: 'backend',
          entry: 'backend/main.ts',
          logDir: options.logDir,
          env: { ...options.env, PORT: String(port), DATA_DIR: options.dataDir },
        });
        port = readyPort.parse(child.ready).port;
        return child;
      } catch (error) {
        // The processes of a killed PostgreSQL hold its memory for a moment longer: a supervisor would start it again too.
        if (attempt === startAttempts) throw error;
        await wait(500);
      }
    }
  };
  let child = await start();

  /** The backend starts its PostgreSQL again by itself. */
  const untilHealthy = async (): Promise<void> => {
    for (let look = 0; look < 600; look += 1) {
      const answer = await fetch(`http://127.0.0.1:${String(port)}/v1/health`).catch(() => null);
      if (answer?.ok) return;
      await wait(100);
    }
    throw new Error('PostgreSQL did not come back');
  };

  const postmaster = async (): Promise<readonly string[]> =>
    (await readFile(join(options.dataDir, 'postgres/postmaster.pid'), 'utf8')).split('\n');

  return {
    get url() {
      return `http://127.0.0.1:${String(port)}`;
    },
    kill: async (what) => {
      if (what === 'postgres') {
        process.kill(Number((await postmaster())[0]), 'SIGKILL');
        const ended = child.exited.then(() => {
          throw new Error('the backend ended with its PostgreSQL');
        });
        await Promise.race([untilHealthy(), ended]);
        return;
      }
      await child.kill();
      child = await start();
    },
    openDatabase: async () => {
      const [, , , , socketDir = ''] = await postmaster();
      const password = await readFile(join(options.dataDir, 'postgres.password'), 'utf8');
      const connection = { host: socketDir, user: 'latchpoint', password, database: 'postgres' };
      return openDatabase(connection, silentLogger);
    },
    dispose: () => child.stop(),
  };
};
