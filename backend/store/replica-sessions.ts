/** From the address of a replica to sessions on a standby of this very database. */
import { Kysely, PostgresDialect, sql } from 'kysely';
import pg from 'pg';
import { z } from 'zod';
import { AppFailure } from '#shared/errors/app-error.ts';
import { codeOf } from '#shared/errors/thrown.ts';
import { readAddress, type DatabaseAddress } from './address.ts';
import { inOneProcess, types, type Db } from './database.ts';
import { DatabaseFailure, dropClient, openSession, openSocket, requireStandby } from './servers.ts';
import { PooledSession } from './session.ts';
import type { Tables } from './tables.ts';

export interface ReplicaSessions {
  readonly db: Db;
  /** SQLSTATE with which a server has ended a session since the last `retire`; '' where none has. */
  readonly endedWith: string;
  /** No session that there is now is used again, and the servers are asked anew which of them it is. */
  retire(): void;
  dispose(): Promise<void>;
}

/** All of it, with connecting. A kiosk waits 30 s, and the primary has its own time after this. */
export const longestReadMs = 3_000;
const connectMs = 2_000;
/** As many as pages are made at the same time (`http/capacity.ts`). */
const mostSessions = 5;
const sessionLimits = {
  statement_timeout: longestReadMs,
  /** Replay holds locks, as a migration did at the primary. */
  lock_timeout: 1_000,
  idle_in_transaction_session_timeout: longestReadMs,
} as const;

/** As `readAddress`; what is wrong is said of `DATABASE_REPLICA_URL`. */
export const readReplicaAddress = (
  url: string,
  { target_session_attrs: _ofPrimary, ...defaults }: Readonly<Record<string, string>> = {},
): DatabaseAddress => {
  try {
    return readAddress(url, defaults, 'replica');
  } catch (failure) {
    if (!(failure instanceof AppFailure)) throw failure;
    const problem = String(failure.error.params['problem'] ?? '');
    const at = { source: 'environment', path: 'DATABASE_REPLICA_URL', problem };
    throw new AppFailure('config.invalid', at, { cause: failure });
  }
};

/** Of our own: the server is no replica of the primary's database. */
export const otherDatabaseCode = 'other_database';
const identitySchema = z.tuple([z.object({ system: z.string(), database: z.string() })]);
/** The same at a primary and its standbys. */
const identityQuery = `SELECT system_identifier::text AS system, current_database() AS database FROM pg_control_system()`;

/** `primary`: of whose database it has to be a replica. */
export const openReplicaSessions = (address: DatabaseAddress, primary: Db): ReplicaSessions => {
  const bounded = Math.min(connectMs, address.connectTimeoutMs);
  const to = { ...inOneProcess(address), connectTimeoutMs: bounded };
  const settings: pg.ClientConfig = { types, keepAlive: true, ...sessionLimits, stream: openSocket };
  const pool = new pg.Pool({
    ...settings,
    max: mostSessions,
    idleTimeoutMillis: 30_000,
    connectionTimeoutMillis: bounded,
    maxLifetimeSeconds: 30 * 60,
    verify: (client, done) => {
      requireStandby(client).then(
        () => done(),
        (failure: unknown) => done(failure instanceof Error ? failure : new Error(String(failure))),
      );
    },
  });
  /** Sessions of before the last failure are not used again: others may stand where their server stood. */
  let generation = 0;
  let endedWith = '';
  const born = new WeakMap<pg.PoolClient, number>();
  // One that breaks is replaced, and whoever uses it finds out by its next statement; without a listener it would end the process.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => {
    born.set(client, generation);
    client.on('error', (error) => {
      // What the server said comes first; then the connection's own end, which says nothing.
      if (born.get(client) === generation) endedWith ||= codeOf(error);
    });
  });

  const identities = async (replica: pg.Client) => {
    const there = identitySchema.parse((await replica.query(identityQuery)).rows);
    const { rows } = await sql.raw(identityQuery).execute(primary);
    return [there[0], identitySchema.parse(rows)[0]] as const;
  };
  /** The server that is used, in the pool's options, which it reads for each new session. */
  let chosen: Promise<void> | null = null;
  const choose = async (): Promise<void> => {
    const { client, way } = await openSession(to, settings, requireStandby);
    try {
      const [there, here] = await identities(client);
      if (there.system !== here.system || there.database !== here.database)
        throw new DatabaseFailure(otherDatabaseCode, 'a replica of another database');
      Object.assign(pool.options, way, { connectionTimeoutMillis: bounded });
    } finally {
      dropClient(client);
    }
  };
  const retire = (): void => {
    generation += 1;
    endedWith = '';
    chosen = null;
  };
  const connect = async (): Promise<PooledSession> => {
    for (;;) {
      await (chosen ??= choose());
      const client = await pool.connect();
      if (born.get(client) !== generation) {
        client.release(true);
        continue;
      }
      const late = setTimeout(() => dropClient(client), longestReadMs);
      const release = (): void => {
        clearTimeout(late);
        client.release(born.get(client) !== generation);
      };
      return new PooledSession(client, { failed: () => undefined, release });
    }
  };
  const db = new Kysely<Tables>({
    dialect: new PostgresDialect({ pool: { connect, end: () => pool.end() } }),
  });

  return {
    db,
    get endedWith() {
      return endedWith;
    },
    retire,
    dispose: () => pool.end(),
  };
};
