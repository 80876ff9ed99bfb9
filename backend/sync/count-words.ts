/** How much a revoked kiosk may still say: counted by what is new, so that whoever repeats its words uses up nothing of it. */
import { sql } from 'kysely';
import type { LastWordsStatement } from '#shared/http/revocation.ts';
import { uuidSchema } from '#shared/models/primitives.ts';
import type { KioskOfStore } from '../identity/tokens.ts';
import type { Db } from '../store/database.ts';

/** Rows of one kiosk: months without contact are a tenth of it. */
const mostRows = 200_000;

interface Scope extends KioskOfStore {
  readonly tenantId: string;
}

const idIn = (row: Record<string, unknown>, column: string): string | null =>
  uuidSchema.safeParse(row[column]).data?.toLowerCase() ?? null;

/** Rows that can be read, and are held already, are none of these. */
const countNew = async (
  db: Db,
  { tenantId, storeId, kioskId }: Scope,
  { accessEvents, enrolments }: LastWordsStatement,
): Promise<number> => {
  const ids = [
    ...accessEvents.map((row) => idIn(row, 'eventId')),
    ...enrolments.map((row) => idIn(row, 'enrolmentId')),
  ];
  const { rows } = await sql<{ id: string }>`
    SELECT event_id AS id FROM access_events
    WHERE tenant_id = ${tenantId} AND store_id = ${storeId} AND kiosk_id = ${kioskId}
      AND event_id = ANY(${ids.slice(0, accessEvents.length)}::uuid[])
    UNION ALL
    SELECT enrolment_id FROM enrolments
    WHERE tenant_id = ${tenantId} AND store_id = ${storeId}
      AND enrolment_id = ANY(${ids.slice(accessEvents.length)}::uuid[])`.execute(db);
  const held = new Set(rows.map(({ id }) => id));
  return ids.filter((id) => id === null || !held.has(id)).length;
};

/** False where that would be more than a kiosk can have to say. */
export const countWords = async (db: Db, kiosk: Scope, words: LastWordsStatement): Promise<boolean> => {
  const rows = await countNew(db, kiosk, words);
  if (rows === 0) return true;
  const { numUpdatedRows } = await db
    .updateTable('kiosks')
    .set({ last_words: sql<number>`last_words + ${rows}::bigint` })
    .where('tenant_id', '=', kiosk.tenantId)
    .where('kiosk_id', '=', kiosk.kioskId)
    .where('last_words', '<=', mostRows - rows)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
};
