/**
 * A server that replays what the primary has written: pages of pulls are read there, as long as the store that is pulled stands at the
 * very point at which the primary stood when the pull began (`history.ts`). Whatever else it is or does, the primary is asked.
 */
import { sql } from 'kysely';
import { z } from 'zod';
import { codeOf, describeThrown } from '#shared/errors/thrown.ts';
import { inTime } from '#shared/flow/in-time.ts';
import type { Logger } from '#shared/flow/logger.ts';
import { systemTimer } from '../platform/ports.ts';
import type { DatabaseAddress } from './address.ts';
import type { Db, Tx } from './database.ts';
import { createReplicaGate, type ReplicaState, type ReplicaTrouble } from './replica-gate.ts';
import { longestReadMs, openReplicaSessions, otherDatabaseCode } from './replica-sessions.ts';
import { DatabaseFailure, notStandbyCode } from './servers.ts';
import type { StoreKey } from './store-key.ts';

/** Where a store stood at the primary when a pull began. */
export interface PrimaryStand {
  readonly point: string;
  /** The end of the primary's log by then, in bytes; null where it was not asked for. */
  readonly written: number | null;
}

export interface ReadReplica {
  /** What `work` reads in one snapshot, in which the store stands at `stand.point`; null where the primary is to be asked. */
  read<T>(
    store: StoreKey,
    stand: PrimaryStand,
    work: (tx: Tx) => Promise<T>,
  ): Promise<{ readonly value: T } | null>;
  /** A page was made of what that server has said. */
  notePage(server: keyof ReplicaState['pages']): void;
  readonly state: ReplicaState;
  dispose(): Promise<void>;
}

/** What stands in the way of replay is cancelled (40001, 40P01); what waits or takes too long there, too (55P03, 57014, 57P01). */
const cancelledCodes = ['40001', '40P01', '55P03', '57014', '57P01'];

export const troubleOf = (code: string): ReplicaTrouble => {
  if (code === notStandbyCode) return 'is_primary';
  if (code === otherDatabaseCode) return 'other_database';
  if (cancelledCodes.includes(code)) return 'cancels';
  return /^(28|3D|42)/.test(code) ? 'refuses_login' : 'unreachable';
};

const standSchema = z.tuple([
  z.object({ is_standby: z.boolean(), replayed: z.number().nullable(), point: z.string().nullable() }),
]);

export const openReplica = (
  address: DatabaseAddress,
  ports: {
    /** The primary's. */
    readonly db: Db;
    now(): number;
    jitter(): number;
    readonly logger: Logger;
  },
): ReadReplica => {
  const gate = createReplicaGate({
    now: () => ports.now(),
    steadyNow: () => performance.now(),
    jitter: () => ports.jitter(),
    logger: ports.logger,
  });
  const sessions = openReplicaSessions(address, ports.db);
  const pages = { replica: 0, primary: 0 };

  /** In the words of the snapshot that is read afterwards. */
  const standThere = async (tx: Tx, { tenantId, storeId }: StoreKey) => {
    const { rows } = await sql`
      SELECT pg_is_in_recovery() AS is_standby, (pg_last_wal_replay_lsn() - '0/0'::pg_lsn)::bigint AS replayed,
        (SELECT store_history.version || '.' || store_history.tag FROM stores JOIN store_history
            ON store_history.tenant_id = stores.tenant_id AND store_history.store_id = stores.store_id
            AND store_history.version = stores.sequence
          WHERE stores.tenant_id = ${tenantId} AND stores.store_id = ${storeId}) AS point`.execute(tx);
    const [stand] = standSchema.parse(rows);
    if (!stand.is_standby) throw new DatabaseFailure(notStandbyCode, 'promoted');
    return { point: stand.point, replayed: stand.replayed ?? 0 };
  };

  return {
    read: async (store, stand, work) => {
      const asking = gate.ask();
      if (!asking) return null;
      const reading = sessions.db
        .transaction()
        .setIsolationLevel('repeatable read')
        .setAccessMode('read only')
        .execute(async (tx) => {
          const there = await standThere(tx, store);
          const places = { written: stand.written ?? 0, replayed: there.replayed };
          return there.point === stand.point ? { places, value: await work(tx) } : { places };
        });
      const late = () => Promise.reject(new DatabaseFailure('ETIMEDOUT', 'the replica is silent'));
      try {
        const read = await inTime({ timer: systemTimer, ms: longestReadMs }, reading, late);
        if (!('value' in read)) {
          asking.stoodElsewhere(read.places);
          return null;
        }
        asking.served(read.places);
        return { value: read.value };
      } catch (failure) {
        // Between two statements a server ends the session, and who asks next only learns that it has ended.
        const code = codeOf(failure) || sessions.endedWith;
        sessions.retire();
        asking.failed(troubleOf(code), describeThrown(failure));
        return null;
      }
    },
    notePage: (server) => void (pages[server] += 1),
    get state() {
      return { ...gate.state, pages: { ...pages } };
    },
    dispose: () => sessions.dispose(),
  };
};
