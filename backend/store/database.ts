import { Socket } from 'node:net';
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
  /** Without a deadline for statements: for migrations, which may have much to change or wait for another instance's. */
  createPatientClient(): pg.Client;
  dispose(): Promise<void>;
}

/** `bigint` columns hold versions, sequences and milliseconds: all far below 2^53, so they are read as numbers. */
const types = new pg.TypeOverrides();
types.setTypeParser(pg.types.builtins.INT8, Number);

/**
 * Longer than a statement may run, and than the vendor's two calls may take, in which a transaction waits: a connection in use
 * that is silent for so long is dead, and nothing else would tell (a network that drops packets answers with nothing).
 */
const longestSilenceMs = 60_000;

const openSocket = (): Socket => {
  const socket = new Socket();
  return socket.setTimeout(longestSilenceMs, () =>
    socket.destroy(Object.assign(new Error('the database is silent'), { code: 'ETIMEDOUT' })),
  );
};

/** Opens a pool of at most 16 connections. A statement that runs for 30 s is broken and is cancelled. */
export const openDatabase = (connection: pg.ClientConfig, logger: Logger): Database => {
  const patient: pg.ClientConfig = {
    ...connection,
    types,
    application_name: 'latchpoint',
    connectionTimeoutMillis: 10_000,
  };
  const config: pg.ClientConfig = {
    ...patient,
    statement_timeout: 30_000,
    stream: openSocket,
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
    createPatientClient: () => new pg.Client(patient),
    dispose: () => pool.end(),
  };
};
