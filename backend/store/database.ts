import { Kysely, PostgresDialect, type Transaction } from 'kysely';
import pg from 'pg';
import { z } from 'zod';
import { codeOf, describeThrown } from '#shared/errors/thrown.ts';
import type { Logger } from '#shared/flow/logger.ts';
import type { DatabaseAddress } from './address.ts';
import { dropClient, onlyWay, openSession, openSocket, readOnlyCode, requireWritable } from './servers.ts';
import { PooledSession } from './session.ts';
import type { Tables } from './tables.ts';

export type Db = Kysely<Tables>;
export type Tx = Transaction<Tables>;

export interface Database {
  readonly db: Db;
  /** For what needs a session of its own (LISTEN): past the pooler. Connected, to a server that takes writes. */
  openClient(): Promise<pg.Client>;
  /** As the sessions of the pool: through the pooler where there is one. */
  openPooledClient(): Promise<pg.Client>;
  /** Without a deadline for statements: for migrations, which may have much to change or wait for another instance's. */
  openPatientClient(): Promise<pg.Client>;
  /** Told the SQLSTATE or system code of whatever fails in a session of the pool. */
  onFailure(listener: (code: string) => void): void;
  /** The server takes no writes any more: no session that there is now is used again. */
  retire(): void;
  dispose(): Promise<void>;
}

/** A cluster of the backend's own, or a server that `DATABASE_URL` names. */
export type DatabaseConnection =
  | DatabaseAddress
  | { readonly host: string; readonly user: string; readonly password: string; readonly database: string };

/** `bigint` columns hold versions, sequences and milliseconds: all far below 2^53, so they are read as numbers. */
export const types = new pg.TypeOverrides();
types.setTypeParser(pg.types.builtins.INT8, Number);

export const mostSessions = 20;
/** What every session of the pool has, in ms. */
export const sessionLimits = {
  statement_timeout: 30_000,
  /** Who holds a store's counter for longer has stopped, and whoever waits for it keeps a session from all other stores. */
  lock_timeout: 3_000,
  /** Between two statements of a transaction: an instance that stands still gives its locks back. */
  idle_in_transaction_session_timeout: 15_000,
} as const;
/**
 * No statement is shared out among processes of the server: starting them costs many times what a kiosk's statement takes. An
 * operator's own `options` come after it, and hold.
 */
export const onePlan = { max_parallel_workers_per_gather: 0 } as const;
export const inOneProcess = (address: DatabaseAddress): DatabaseAddress => {
  const plan = Object.entries(onePlan).map(([name, value]) => `-c ${name}=${value}`);
  return { ...address, options: [...plan, address.options ?? ''].join(' ').trimEnd() };
};
const sessionLifetimeMs = 30 * 60_000;
/** The lifetime is up to this share shorter, so that sessions of one moment do not end in one moment. */
const lifetimeJitter = 0.3;

const isServer = (connection: DatabaseConnection): connection is DatabaseAddress => 'hosts' in connection;
const toAddress = (connection: DatabaseConnection): DatabaseAddress =>
  isServer(connection)
    ? connection
    : {
        hosts: [{ host: connection.host, port: 5432 }],
        user: connection.user,
        password: connection.password,
        database: connection.database,
        applicationName: 'latchpoint',
        connectTimeoutMs: 10_000,
        tls: { attempts: ['plain'], direct: false, optionsFor: () => ({}) },
      };

/** What PostgreSQL (14 and later) tells a session by itself when it changes. */
const parameterSchema = z.object({
  parameterName: z.enum(['in_hot_standby', 'default_transaction_read_only']),
  parameterValue: z.literal('on'),
});

const isFullPool = (thrown: unknown): boolean =>
  thrown instanceof Error && thrown.message === 'timeout exceeded when trying to connect';

/**
 * Opens a pool of at most 20 sessions, each of them on a server that takes writes. A statement that runs for 30 s is broken and
 * is cancelled. `jitter` gives numbers in [0, 1). `pooler`: where the pool's sessions go instead; it takes no settings from whoever
 * connects, so it has to give its sessions theirs by itself (`requireSoundSessions`).
 */
export const openDatabase = (
  connection: DatabaseConnection,
  logger: Logger,
  jitter: () => number = Math.random,
  pooler?: DatabaseAddress,
): Database => {
  const direct = inOneProcess(toAddress(connection));
  const address = pooler ?? direct;
  const patient: pg.ClientConfig = { types, keepAlive: true };
  const bounded: pg.ClientConfig = { ...patient, ...sessionLimits, stream: openSocket };
  const settings: pg.ClientConfig = pooler ? { ...patient, stream: openSocket } : bounded;
  const listeners: ((code: string) => void)[] = [];

  const pool = new pg.Pool({
    ...settings,
    max: mostSessions,
    idleTimeoutMillis: 30_000,
    connectionTimeoutMillis: address.connectTimeoutMs,
    verify: (client, done) => {
      requireWritable(client).then(
        () => done(),
        (failure: unknown) => done(failure instanceof Error ? failure : new Error(String(failure))),
      );
    },
  });
  /** Sessions of an earlier generation are not used again. */
  let generation = 0;
  const born = new WeakMap<pg.PoolClient, { readonly generation: number; readonly endsAt: number }>();
  const isSpent = (client: pg.PoolClient): boolean => {
    const birth = born.get(client);
    return birth?.generation !== generation || birth.endsAt < performance.now();
  };
  const retire = (): void => {
    generation++;
    chosen = null;
  };

  // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
  pool.on('error', (error) => logger.warn('database connection lost', describeThrown(error)));
  // One that breaks between two statements of a transaction tells nobody else: the next statement fails, and that is enough.
  pool.on('connect', (client) => {
    const lifetime = sessionLifetimeMs * (1 - lifetimeJitter * jitter());
    born.set(client, { generation, endsAt: performance.now() + lifetime });
    client.on('error', (error) => logger.warn('database connection lost in use', describeThrown(error)));
    client.connection.on('parameterStatus', (message: unknown) => {
      if (!parameterSchema.safeParse(message).success || born.get(client)?.generation !== generation) return;
      logger.warn('the database server takes no writes any more');
      retire();
    });
  });

  /** Puts the server that was chosen last into the pool's options, which it reads for each new session. */
  let chosen: Promise<void> | null = null;
  const choose = async (): Promise<void> => {
    const { client, way } = await openSession(address, settings);
    dropClient(client);
    Object.assign(pool.options, way);
  };
  const only = onlyWay(address);
  const requireChosen = (): Promise<void> => {
    chosen ??= (only ? Promise.resolve(void Object.assign(pool.options, soleWay(address))) : choose()).catch(
      (failure: unknown) => {
        chosen = null;
        throw failure;
      },
    );
    return chosen;
  };

  const checkOut = async (): Promise<pg.PoolClient> => {
    for (;;) {
      await requireChosen();
      const client = await pool.connect();
      if (!isSpent(client)) return client;
      client.release(true);
    }
  };
  const connect = async (): Promise<PooledSession> => {
    let client: pg.PoolClient;
    try {
      client = await checkOut();
    } catch (failure) {
      if (isFullPool(failure) || only) throw tell(failure);
      // The server that was chosen is gone: the others are asked, once.
      retire();
      client = await checkOut().catch((again: unknown) => {
        throw tell(again);
      });
    }
    const session = client;
    return new PooledSession(session, {
      failed: (code) => {
        if (code === readOnlyCode && born.get(session)?.generation === generation) {
          logger.warn('the database server takes no writes any more');
          retire();
        }
        for (const listener of listeners) listener(code);
      },
      release: () => session.release(isSpent(session)),
    });
  };
  const tell = (failure: unknown): unknown => {
    for (const listener of listeners) listener(codeOf(failure));
    return failure;
  };

  const open = async (to: DatabaseAddress, config: pg.ClientConfig): Promise<pg.Client> =>
    (await openSession(to, config)).client;
  return {
    db: new Kysely<Tables>({ dialect: new PostgresDialect({ pool: { connect, end: () => pool.end() } }) }),
    openClient: () => open(direct, bounded),
    openPooledClient: () => open(address, settings),
    openPatientClient: () => open(direct, patient),
    onFailure: (listener) => void listeners.push(listener),
    retire,
    dispose: () => pool.end(),
  };
};

const soleWay = (address: DatabaseAddress): pg.ClientConfig => ({
  host: address.hosts[0]?.host ?? '',
  port: address.hosts[0]?.port ?? 5432,
  user: address.user,
  database: address.database,
  ...(address.password === undefined ? {} : { password: address.password }),
  ...(address.options === undefined ? {} : { options: address.options }),
  application_name: address.applicationName,
  ssl: false,
});
