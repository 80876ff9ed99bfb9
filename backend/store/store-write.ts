import { sql } from 'kysely';
import type { Db, Tx } from './database.ts';
import { markPoint } from './history.ts';

/** The channel that wakes every instance: the payload is the id of the store in which something changed. */
export const changeChannel = 'latchpoint_changed';

/**
 * For a `WITH`, read by the statement's FROM as `here_only`: its commit waits for this server's disk and for no standby. For what
 * need not outlive a failover, and what reading depends on.
 */
export const writtenHereOnly = sql`here_only AS MATERIALIZED (SELECT set_config('synchronous_commit', 'local', true))`;

export interface StoreWrite {
  readonly tx: Tx;
  /** The version for the next changed row. */
  readonly nextVersion: () => number;
}

/**
 * Runs `work` holding the store's counter, so that the order of versions is the order of commits: no reader can see a
 * version while a smaller one is still to come. Streams are woken when the commit is done, and only if something changed.
 * Null when there is no such store.
 */
export const writeStore = async <T>(
  tx: Tx,
  tenantId: string,
  storeId: string,
  work: (write: StoreWrite) => Promise<T>,
): Promise<T | null> => {
  const store = await tx
    .selectFrom('stores')
    .select(['store_id', 'sequence'])
    .where('tenant_id', '=', tenantId)
    .where('store_id', '=', storeId)
    .forUpdate()
    .executeTakeFirst();
  if (!store) return null;
  let sequence = store.sequence;
  const result = await work({ tx, nextVersion: () => ++sequence });
  if (sequence !== store.sequence) {
    await tx
      .updateTable('stores')
      .set({ sequence })
      .where('tenant_id', '=', tenantId)
      .where('store_id', '=', storeId)
      .execute();
    await markPoint(tx, { tenantId, storeId: store.store_id }, sequence);
    await sql`SELECT pg_notify(${changeChannel}, ${store.store_id})`.execute(tx);
  }
  return result;
};

/** `writeStore` in a transaction of its own. */
export const changeStore = <T>(
  db: Db,
  tenantId: string,
  storeId: string,
  work: (write: StoreWrite) => Promise<T>,
): Promise<T | null> => db.transaction().execute((tx) => writeStore(tx, tenantId, storeId, work));
