/**
 * Enrolments that have ended: given up, refused, or of a lock that was given back. They hold no serial number; what a living lock
 * goes back to is never one of them. Kiosks hear that they are gone.
 */
import { sql } from 'kysely';
import { forgetAttempts } from '../enrolment/attempts.ts';
import type { Db } from '../store/database.ts';
import { changeStore } from '../store/store-write.ts';
import { goneEnrolment } from '../store/tombstones.ts';
import type { StoreKey } from '../store/store-key.ts';

/** The store's counter is held for the length of a step: each takes a few milliseconds. */
const mostAtOnce = 50;

/** Of those that were last changed before `before` (ms), `most` or fewer. Tells how many, and `most` where more may be left. */
export const removeEndedEnrolments = async (
  db: Db,
  { tenantId, storeId }: StoreKey,
  before: number,
  most: number,
): Promise<number> => {
  const atOnce = Math.min(most, mostAtOnce);
  const ended = sql`
    SELECT enrolment_id FROM enrolments AS ended
    WHERE tenant_id = ${tenantId} AND store_id = ${storeId} AND NOT deleted AND changed_at < ${before}
      AND state NOT IN ('captured', 'submitted', 'uncertain')
      AND NOT EXISTS (
        SELECT 1 FROM serial_claims AS claim
        WHERE claim.tenant_id = ended.tenant_id AND claim.serial_number = ended.serial_number
          AND claim.enrolment_id = ended.enrolment_id)
    ORDER BY changed_at LIMIT ${atOnce}`;
  // Looked for before the counter is taken: mostly there is none.
  if ((await sql`SELECT 1 FROM (${ended}) AS found LIMIT 1`.execute(db)).rows.length === 0) return 0;
  const gone = await changeStore(db, tenantId, storeId, async ({ tx, nextVersion }) => {
    const { rows } = await sql<{ enrolment_id: string }>`${ended}`.execute(tx);
    for (const { enrolment_id: enrolmentId } of rows) {
      await tx
        .updateTable('enrolments')
        .set({ ...goneEnrolment, version: nextVersion() })
        .where('tenant_id', '=', tenantId)
        .where('store_id', '=', storeId)
        .where('enrolment_id', '=', enrolmentId)
        .execute();
      await tx
        .deleteFrom('enrolment_operations')
        .where('tenant_id', '=', tenantId)
        .where('store_id', '=', storeId)
        .where('enrolment_id', '=', enrolmentId)
        .execute();
      await forgetAttempts(tx, { tenantId, storeId, enrolmentId });
    }
    return rows.length;
  });
  return (gone ?? 0) < atOnce ? (gone ?? 0) : most;
};
