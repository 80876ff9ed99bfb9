/** From an address to one session: which server, with TLS or without, and whether it takes writes. */
import { lookup } from 'node:dns/promises';
import { Socket } from 'node:net';
import pg from 'pg';
import { z } from 'zod';
import { inTime } from '#shared/flow/in-time.ts';
import { codeOf } from '#shared/errors/thrown.ts';
import { systemTimer } from '../platform/ports.ts';
import type { DatabaseAddress } from './address.ts';

/**
 * Longer than a statement may run, and than the vendor's two calls may take, in which a transaction waits: a connection in use
 * that is silent for so long is dead, and nothing else would tell (a network that drops packets answers with nothing).
 */
const longestSilenceMs = 60_000;
const checkDeadlineMs = 5_000;

/** As PostgreSQL itself says it (SQLSTATE), or the system, so that it is told apart like any other of its refusals. */
export class DatabaseFailure extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'DatabaseFailure';
    this.code = code;
  }
}
const silence = (): DatabaseFailure => new DatabaseFailure('ETIMEDOUT', 'the database is silent');
export const readOnlyCode = '25006';
export const diskFullCode = '53100';

export const openSocket = (): Socket => {
  const socket = new Socket();
  return socket.setTimeout(longestSilenceMs, () => socket.destroy(silence()));
};

/** Every way to one server: its addresses, and for each with TLS or without, in libpq's order. */
type Ways = readonly pg.ClientConfig[];

const waysOf = async (
  address: DatabaseAddress,
  { host, port }: DatabaseAddress['hosts'][number],
): Promise<Ways[]> => {
  const login: pg.ClientConfig = {
    port,
    user: address.user,
    database: address.database,
    ...(address.password === undefined ? {} : { password: address.password }),
    ...(address.options === undefined ? {} : { options: address.options }),
    application_name: address.applicationName,
    connectionTimeoutMillis: address.connectTimeoutMs,
  };
  if (host.startsWith('/')) return [[{ ...login, host, ssl: false }]];
  const { tls } = address;
  const found = await lookup(host, { all: true });
  return found.map((each) =>
    tls.attempts.map((attempt) => ({
      ...login,
      host: each.address,
      ssl: attempt === 'tls' ? tls.optionsFor(host) : false,
      ...(tls.direct ? { sslnegotiation: 'direct' as const } : {}),
    })),
  );
};

/** Whether this address leads to one place in one way, so that nothing has to be chosen. */
export const onlyWay = (address: DatabaseAddress): boolean =>
  address.hosts.length === 1 && address.hosts[0]?.host.startsWith('/') === true;

/** Of our own, as no server says it: this one is another than what was asked for. */
export const notStandbyCode = 'not_a_standby';

const stateSchema = z.array(z.object({ standby: z.boolean(), read_only: z.string() }));

const stateOf = async (client: pg.ClientBase): Promise<z.infer<typeof stateSchema>[0] | undefined> => {
  const asked = client.query(
    `SELECT pg_is_in_recovery() AS standby, current_setting('transaction_read_only') AS read_only`,
  );
  const answer = await inTime({ timer: systemTimer, ms: checkDeadlineMs }, asked, () => null);
  if (answer === null) throw silence();
  return stateSchema.parse(answer.rows)[0];
};

/** Throws SQLSTATE 25006 where nothing can be written in this session: a standby, or a server that was made read-only. */
export const requireWritable = async (client: pg.ClientBase): Promise<void> => {
  const state = await stateOf(client);
  if (state?.standby !== false || state.read_only !== 'off') {
    throw new DatabaseFailure(readOnlyCode, 'this database server takes no writes');
  }
};

/** Throws `notStandbyCode` where this is a primary. */
export const requireStandby = async (client: pg.ClientBase): Promise<void> => {
  if ((await stateOf(client))?.standby !== true)
    throw new DatabaseFailure(notStandbyCode, 'this database server is no standby');
};

/** Refused as a user or a database: libpq asks no further host then. */
const isRefusal = (thrown: unknown): boolean => /^(28|3D)/.test(codeOf(thrown));

/** Ends it, whatever state it is in, and waits for nothing. */
export const dropClient = (client: pg.Client): void => {
  client.on('error', () => undefined);
  client.connection.stream.destroy();
};

export interface OpenedSession {
  readonly client: pg.Client;
  /** How it was reached: for further sessions of the same kind. */
  readonly way: pg.ClientConfig;
}

const isOtherKind = (thrown: unknown): boolean => [readOnlyCode, notStandbyCode].includes(codeOf(thrown));

/**
 * The first server that lets us in and is what is wanted (`requireKind`: one that takes writes), asked in order. Throws what the last
 * one said; where every server that answers is of the other kind, that.
 */
export const openSession = async (
  address: DatabaseAddress,
  settings: pg.ClientConfig,
  requireKind: (client: pg.ClientBase) => Promise<void> = requireWritable,
): Promise<OpenedSession> => {
  let failure: unknown = new DatabaseFailure('08001', 'no database server answers');
  const note = (thrown: unknown): void => {
    if (!isOtherKind(failure)) failure = thrown;
  };
  for (const host of address.hosts) {
    const servers = await waysOf(address, host).catch((thrown: unknown) => {
      note(thrown);
      return [];
    });
    for (const ways of servers) {
      const refusals: Error[] = [];
      for (const way of ways) {
        const client = new pg.Client({ ...settings, ...way });
        client.on('error', () => undefined);
        try {
          await client.connect();
          await requireKind(client);
          return { client, way };
        } catch (thrown) {
          dropClient(client);
          note(thrown);
          if (thrown instanceof Error && isRefusal(thrown)) refusals.push(thrown);
          // It let us in, so that the other way to the same server would tell nothing else.
          if (isOtherKind(thrown)) break;
        }
      }
      const [refused] = refusals;
      if (refused) throw refused;
    }
  }
  throw failure;
};
