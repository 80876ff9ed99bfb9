import { Kysely, PostgresDialect, type Transaction } from 'kysely';
import pg from 'pg';
import { failureFields, type Logger } from '../platform/ports.ts';
import type { Tables } from './tables.ts';

export type Db = Kysely<Tables>;
export type Tx = Transaction<Tables>;

export interface Database {
  readonly db: Db;
  readonly pool: pg.Pool;
  /** For what needs a connection of its own (LISTEN). */
  createClient(): pg.Client;
  dispose(): Promise<void>;
}

/** `bigint` columns hold versions, sequences and milliseconds: all far below 2^53, so they are read as numbers. */
const types = new pg.TypeOverrides();
types.setTypeParser(pg.types.builtins.INT8, Number);

/** Opens a pool of at most 16 connections. A statement that runs for 30 s is broken and is cancelled. */
export const openDatabase = (connection: pg.ClientConfig, logger: Logger): Database => {
  const config: pg.ClientConfig = {
    ...connection,
    types,
    application_name: 'latchpoint',
    connectionTimeoutMillis: 10_000,
    statement_timeout: 30_000,
  };
  const pool = new pg.Pool({ ...config, max: 16, idleTimeoutMillis: 30_000 });
  // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
  pool.on('error', (error) => logger.warn('database connection lost', failureFields(error)));
  // One that breaks between two statements of a transaction tells nobody else: the next statement fails, and that is enough.
  pool.on('connect', (client) => {
    client.on('error', (error) => logger.warn('database connection lost in use', failureFields(error)));
  });
  return {
    db: new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) }),
    pool,
    createClient: () => new pg.Client(config),
    dispose: () => pool.end(),
  };
};
