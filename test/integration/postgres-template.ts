/** One cluster with the newest tables, made once for all integration tests: a copy of it starts in a tenth of the time. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { silentLogger } from '#shared/flow/logger.ts';
import { locateCluster } from '#backend/postgres/cluster.ts';
import { startEmbeddedPostgres } from '#backend/postgres/embedded.ts';
import { readAddress } from '#backend/store/address.ts';
import { openDatabase } from '#backend/store/database.ts';
import { migrate } from '#backend/store/migrate.ts';
import { makeFolder, urlOf } from './postgres-folder.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The data folder of a stopped cluster; `null` where PostgreSQL's user cannot work in the folder for temporary files. */
    postgresTemplate: string | null;
  }
}

export default async ({ provide }: TestProject): Promise<() => Promise<void>> => {
  const folder = await makeFolder();
  const dataDir = join(folder, 'data');
  const postgres = await startEmbeddedPostgres(dataDir, silentLogger);
  const database = openDatabase(readAddress(urlOf(postgres.connection)), silentLogger);
  await migrate(await database.openPatientClient());
  await database.dispose();
  await postgres.dispose();
  provide('postgresTemplate', (await locateCluster(dataDir)).isOutside ? null : dataDir);
  return () => rm(folder, { recursive: true, force: true });
};
