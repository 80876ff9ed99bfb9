/**
 * Removes access events for their age, oldest first, a batch in a transaction. It holds the journals that it touches, as a push
 * does, and no store's counter. What is left of each journal can be verified from its anchors.
 */
import { sql } from 'kysely';
import type { Db, Tx } from '../store/database.ts';
import type { StoreKey } from '../store/store-key.ts';
import { cutJournal, type CutJournal, type RemovedEvent } from './cut-journal.ts';

interface RemovedOf extends RemovedEvent {
  readonly kioskId: string;
}
interface HeldJournal extends CutJournal {
  readonly kioskId: string;
}

const inStore = ({ tenantId, storeId }: StoreKey) => sql`tenant_id = ${tenantId} AND store_id = ${storeId}`;

/** Of those received before `before` (ms), at most `most`. Tells how many it looked at: fewer than `most` where none is left. */
export const removeOldEvents = (db: Db, store: StoreKey, before: number, most: number): Promise<number> =>
  db.transaction().execute(async (tx) => {
    const { rows: oldest } = await sql<{ eventId: string; kioskId: string }>`
      SELECT event_id AS "eventId", kiosk_id AS "kioskId" FROM access_events
      WHERE ${inStore(store)} AND received_at < ${before}
      ORDER BY received_at, sequence, event_id LIMIT ${most}`.execute(tx);
    if (oldest.length === 0) return 0;
    const kiosks = [...new Set(oldest.map(({ kioskId }) => kioskId))];
    const journals = await holdJournals(tx, store, kiosks);
    // Another instance may have removed some of them meanwhile.
    const { rows: removed } = await sql<RemovedOf>`
      DELETE FROM access_events
      WHERE ${inStore(store)} AND event_id = ANY(${oldest.map(({ eventId }) => eventId)}::uuid[])
      RETURNING kiosk_id AS "kioskId", sequence, hash, body->>'previousHash' AS "previousHash", verdict,
        received_at AS "receivedAt"`.execute(tx);
    await anchor(tx, store, removed);
    for (const journal of journals) {
      const own = removed.filter(({ kioskId }) => kioskId === journal.kioskId);
      if (own.length > 0) await note(tx, store, journal, own);
    }
    await dropAnchors(tx, store, kiosks);
    return oldest.length;
  });

const holdJournals = async (tx: Tx, store: StoreKey, kiosks: readonly string[]): Promise<HeldJournal[]> => {
  const { rows } = await sql<HeldJournal>`
    SELECT kiosk_id AS "kioskId", sequence, cut, cut_at AS "cutAt", cut_first AS "cutFirst",
           restarted_at AS "restartedAt", reached
    FROM journal_heads WHERE ${inStore(store)} AND kiosk_id = ANY(${kiosks}::uuid[])
    ORDER BY kiosk_id FOR UPDATE`.execute(tx);
  return rows;
};

/** For what follows a removed event, and for what is still to come after the newest of a journal. */
const anchor = async (tx: Tx, store: StoreKey, removed: readonly RemovedOf[]): Promise<void> => {
  await sql`
    INSERT INTO journal_anchors (tenant_id, store_id, kiosk_id, sequence, hash)
    SELECT DISTINCT ${store.tenantId}::uuid, ${store.storeId}::uuid, gone.kiosk_id, gone.sequence, gone.hash
    FROM unnest(
      ${removed.map(({ kioskId }) => kioskId)}::uuid[],
      ${removed.map(({ sequence }) => sequence)}::bigint[],
      ${removed.map(({ hash }) => hash)}::text[]) AS gone (kiosk_id, sequence, hash)
    WHERE ${isFollowed(store)} ON CONFLICT DO NOTHING`.execute(tx);
};

const dropAnchors = async (tx: Tx, store: StoreKey, kiosks: readonly string[]): Promise<void> => {
  await sql`
    DELETE FROM journal_anchors AS gone
    WHERE ${inStore(store)} AND kiosk_id = ANY(${kiosks}::uuid[]) AND NOT (${isFollowed(store)})`.execute(tx);
};

const isFollowed = ({ tenantId, storeId }: StoreKey) => sql`(
  EXISTS (
    SELECT 1 FROM journal_heads AS head
    WHERE head.tenant_id = ${tenantId} AND head.store_id = ${storeId} AND head.kiosk_id = gone.kiosk_id
      AND head.sequence = gone.sequence AND head.hash = gone.hash)
  OR EXISTS (
    SELECT 1 FROM access_events AS next
    WHERE next.tenant_id = ${tenantId} AND next.store_id = ${storeId} AND next.kiosk_id = gone.kiosk_id
      AND next.sequence = gone.sequence + 1 AND next.body->>'previousHash' = gone.hash))`;

const note = async (
  tx: Tx,
  store: StoreKey,
  journal: HeldJournal,
  removed: readonly RemovedOf[],
): Promise<void> => {
  const { cut, cutAt, cutFirst, reached } = cutJournal(journal, removed);
  const gaps = await sql`
    DELETE FROM journal_gaps WHERE ${inStore(store)} AND kiosk_id = ${journal.kioskId}
      AND (from_sequence <= ${cut} OR from_sequence > ${reached})`.execute(tx);
  await sql`
    UPDATE journal_heads SET
      cut = ${cut}, cut_at = ${cutAt}, cut_first = ${cutFirst}, reached = ${reached},
      events = events - ${removed.length}, gaps = gaps - ${Number(gaps.numAffectedRows ?? 0n)}
    WHERE ${inStore(store)} AND kiosk_id = ${journal.kioskId}`.execute(tx);
};
