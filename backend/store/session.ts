/**
 * A session of the pool as the query builder uses it. It knows what PostgreSQL leaves without a time limit: the end of a
 * transaction. `statement_timeout` does not hold there, and with `synchronous_standby_names` a COMMIT waits for a standby for
 * as long as it is away, though the transaction is written and will never be undone.
 */
import { connect } from 'node:net';
import type { PostgresCursor, PostgresPoolClient, PostgresQueryResult } from 'kysely';
import type pg from 'pg';
import { z } from 'zod';
import { codeOf } from '#shared/errors/thrown.ts';
import { DatabaseFailure, dropClient } from './servers.ts';

/** Far longer than a disk takes, and short enough that a pool full of them does not keep a store waiting. */
export const commitDeadlineMs = 5_000;
/** Of the server, to answer after it was told to stop waiting. */
const cancelDeadlineMs = 3_000;
/** Of a pooler, to have a connection to the server on which it can pass that on. */
const longestCancelMs = 30_000;
/** SQLSTATE `transaction_resolution_unknown`: written, but whether it outlives this server is not known. */
export const unresolvedCode = '08007';

const keySchema = z.object({ processID: z.number(), secretKey: z.number() });
const cancelRequestCode = 80_877_102;

/**
 * Asks the server to stop what a session is doing (protocol, "Canceling Requests in Progress"). It needs no session of its own,
 * so it works when there is none left; nothing is answered. The server closes the connection once it has taken it: a pooler on the
 * way drops the request of whoever closes first.
 */
export const cancelRequest = (client: pg.Client): void => {
  const key = keySchema.safeParse(client).data;
  if (!key) return;
  const packet = Buffer.alloc(16);
  packet.writeInt32BE(packet.length, 0);
  packet.writeInt32BE(cancelRequestCode, 4);
  packet.writeInt32BE(key.processID, 8);
  packet.writeInt32BE(key.secretKey, 12);
  const { host, port } = client;
  const socket = host.startsWith('/') ? connect(`${host}/.s.PGSQL.${port}`) : connect(port, host);
  socket.setTimeout(longestCancelMs, () => socket.destroy()).on('error', () => undefined);
  socket.resume().write(packet);
};

/**
 * Runs what may end a transaction. After `deadlineMs` the server is told to stop waiting, so that no server process is left
 * behind, and the outcome is thrown as unresolved: what it then calls a success is written on one server only.
 */
export const withinDeadline = async <T>(
  client: pg.Client,
  deadlineMs: number,
  work: () => Promise<T>,
): Promise<T> => {
  const late = new AbortController();
  let timer = setTimeout(() => {
    late.abort(unresolved());
    cancelRequest(client);
    timer = setTimeout(() => dropClient(client), cancelDeadlineMs);
  }, deadlineMs);
  try {
    const done = await work();
    late.signal.throwIfAborted();
    return done;
  } catch (failure) {
    late.signal.throwIfAborted();
    throw failure;
  } finally {
    clearTimeout(timer);
  }
};

const unresolved = (): DatabaseFailure =>
  new DatabaseFailure(unresolvedCode, 'a commit was not confirmed in time; whether it lasts is not known');

/**
 * Of a transaction in which a statement has failed PostgreSQL undoes everything, and answers COMMIT with ROLLBACK, which is no error: work
 * that has caught the failure would be told that all is written (findings/kysely-commit-undone.sh).
 */
const requireCommitted = (answer: string): void => {
  if (answer === 'ROLLBACK')
    throw new DatabaseFailure('25P02', 'a transaction was undone, because a statement in it had failed');
};

export interface SessionEvents {
  /** Something failed in this session, with its SQLSTATE or system code. */
  failed(code: string): void;
  release(): void;
}

export class PooledSession implements PostgresPoolClient {
  readonly #client: pg.PoolClient;
  readonly #events: SessionEvents;
  #transaction: 'none' | 'writing' | 'reading' = 'none';

  constructor(client: pg.PoolClient, events: SessionEvents) {
    this.#client = client;
    this.#events = events;
  }

  query<R>(sql: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>>;
  query<R>(cursor: PostgresCursor<R>): PostgresCursor<R>;
  query<R>(
    sql: string | PostgresCursor<R>,
    parameters: readonly unknown[] = [],
  ): Promise<PostgresQueryResult<R>> | PostgresCursor<R> {
    if (typeof sql !== 'string') throw new Error('no cursors are used');
    return this.#run<R>(sql, parameters);
  }

  async #run<R>(sql: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>> {
    const client: PostgresPoolClient = this.#client;
    const ask = (): Promise<PostgresQueryResult<R>> => client.query<R>(sql, [...parameters]);
    const transaction = this.#transaction;
    try {
      const done = await (this.#mayEndWriting(sql)
        ? withinDeadline(this.#client, commitDeadlineMs, ask)
        : ask());
      if (sql === 'commit') requireCommitted(done.command);
      return done;
    } catch (failure) {
      // A transaction that was begun for reading says the same of a write, and the server is not to blame.
      if (transaction !== 'reading') this.#events.failed(codeOf(failure));
      throw failure;
    }
  }

  /** Follows the transaction, and says whether this statement ends one in which something may have been written. */
  #mayEndWriting(sql: string): boolean {
    const before = this.#transaction;
    if (sql === 'begin' || sql.startsWith('start transaction')) {
      this.#transaction = sql.endsWith('read only') ? 'reading' : 'writing';
      return false;
    }
    if (sql === 'commit' || sql === 'rollback') {
      this.#transaction = 'none';
      return sql === 'commit' && before === 'writing';
    }
    return before === 'none' && !/^\s*select\b/i.test(sql);
  }

  release(): void {
    this.#events.release();
  }
}
