/** Where the backend's database is. */
import type { Ending } from '#shared/flow/ending.ts';
import type { BackendConfig } from '../config.ts';
import type { BackendPorts } from '../platform/ports.ts';
import { startEmbeddedPostgres } from '../postgres/embedded.ts';
import { readAddress, type DatabaseAddress } from './address.ts';
import type { DatabaseConnection } from './database.ts';
import { readPoolerAddress } from './pooler.ts';
import { readReplicaAddress } from './replica-sessions.ts';

/** Of the pooler beside the server, where one is set up. */
export const poolerOf = ({ database }: BackendConfig): DatabaseAddress | undefined =>
  database.kind === 'server' && database.poolerUrl !== undefined
    ? readPoolerAddress(database.poolerUrl, database.defaults)
    : undefined;

/** Of a replica to read pulls from, where one is set up. */
export const replicaOf = ({ database }: BackendConfig): DatabaseAddress | undefined =>
  database.kind === 'server' && database.replicaUrl !== undefined
    ? readReplicaAddress(database.replicaUrl, database.defaults)
    : undefined;

/** To the server that is configured, or to the backend's own, which is started and ends with `made`. */
export const connectionOf = async (
  { database }: BackendConfig,
  { logger }: BackendPorts,
  made: Ending,
): Promise<DatabaseConnection> => {
  if (database.kind === 'server') return readAddress(database.url, database.defaults);
  return made.adopt('PostgreSQL', await startEmbeddedPostgres(database.dataDir, logger)).connection;
};
