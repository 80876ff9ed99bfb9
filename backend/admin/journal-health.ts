/** How the journals of a store's kiosks are, from figures that are kept with every push: no event is read for it. */
import { sql } from 'kysely';
import { z } from 'zod';
import type { Db } from '../store/database.ts';
import type { StoreKey } from '../store/store-key.ts';

/** Of one kiosk: who has more to find than that begins with these. */
export const mostShown = 100;

export const journalHealthSchema = z.strictObject({
  /** That are there: what was removed for its age does not count. */
  events: z.int(),
  /** How many ranges of sequence numbers never came. */
  gaps: z.int(),
  /** The first of them, both ends included. */
  missing: z.array(z.strictObject({ from: z.int(), to: z.int() })).max(mostShown),
  forks: z.int(),
  /** How often the kiosk lost its data and began again at 1. */
  restarts: z.int(),
  mismatches: z.int(),
  /** Events up to this sequence number were removed for their age; 0: none. */
  removedTo: z.int(),
});
type JournalHealth = z.infer<typeof journalHealthSchema>;

export const noJournal: JournalHealth = {
  events: 0,
  gaps: 0,
  missing: [],
  forks: 0,
  restarts: 0,
  mismatches: 0,
  removedTo: 0,
};

/** By kiosk; one that has pushed nothing is not in it. */
export const journalHealth = async (
  db: Db,
  { tenantId, storeId }: StoreKey,
): Promise<ReadonlyMap<string, JournalHealth>> => {
  const { rows } = await sql<JournalHealth & { readonly kioskId: string }>`
    SELECT kiosk_id AS "kioskId", events, gaps, forks, restarts, mismatches, cut AS "removedTo", coalesce((
      SELECT json_agg(json_build_object('from', from_sequence, 'to', to_sequence) ORDER BY from_sequence)
      FROM (
        SELECT from_sequence, to_sequence FROM journal_gaps
        WHERE journal_gaps.tenant_id = heads.tenant_id AND journal_gaps.store_id = heads.store_id
          AND journal_gaps.kiosk_id = heads.kiosk_id
        ORDER BY from_sequence LIMIT ${mostShown}) AS first), '[]') AS missing
    FROM journal_heads AS heads WHERE tenant_id = ${tenantId} AND store_id = ${storeId}`.execute(db);
  return new Map(rows.map(({ kioskId, ...health }) => [kioskId, health]));
};
