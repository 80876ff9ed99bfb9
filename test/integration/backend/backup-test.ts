/** What a test of the backup and restore commands finds. */
import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { test } from 'vitest';
import { z } from 'zod';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '#backend/postgres/embedded.ts';
import { silentLogger } from '#shared/flow/logger.ts';
import { makeFolder } from '../postgres-folder.ts';

const failureSchema = z.object({ code: z.number(), stdout: z.string(), stderr: z.string() });

/** A folder, the commands on it, and servers that are up until the test is over. */
export const backupTest = test
  .extend('folder', async ({}, { onCleanup }) => {
    const folder = await makeFolder();
    onCleanup(() => rm(folder, { recursive: true, force: true }));
    return folder;
  })
  /** What was started, to be ended after the test: a server stays up for the whole of it. */
  .extend('started', ({}, { onCleanup }) => {
    const started = new AsyncDisposableStack();
    onCleanup(() => started.disposeAsync());
    return started;
  })
  .extend('startPostgres', ({ started }) => async (dataDir: string): Promise<EmbeddedPostgres> => {
    const postgres = await startEmbeddedPostgres(dataDir, silentLogger);
    started.defer(() => postgres.dispose());
    return postgres;
  })
  .extend(
    'command',
    ({ folder }) =>
      async (
        name: 'backup' | 'restore',
        path: string,
        dataDir: string,
        through: readonly string[] = [],
      ): Promise<z.infer<typeof failureSchema>> => {
        const args = ['--disable-warning=ExperimentalWarning', `backend/cli/${name}.ts`, join(folder, path)];
        const env = { PATH: process.env['PATH'], DATA_DIR: dataDir === '' ? '' : join(folder, dataDir) };
        const [program, ...before] = [...through, process.execPath];
        return promisify(execFile)(program, [...before, ...args], { env }).then(
          (done) => ({ code: 0, ...done }),
          (failure: unknown) => failureSchema.parse(failure),
        );
      },
  );
