/** What an operator says after a restore, or after rows were mended by hand: everybody is to look at everything once more. */
import { sql } from 'kysely';
import type { Db } from '../store/database.ts';
import type { NoteAct } from './operator-journal.ts';

export interface RestoreAdmin {
  /**
   * Begins a new history for every store: each kiosk takes everything anew and delivers again what it still has, at its next
   * contact. Registration codes end, because one that was used after the backup was made would be good once more.
   */
  declareRestored(note: NoteAct): Promise<{ readonly stores: number }>;
}

export const createRestoreAdmin = (db: Db, tenantId: string): RestoreAdmin => ({
  declareRestored: (note) =>
    db.transaction().execute(async (tx) => {
      await tx.deleteFrom('registration_codes').where('tenant_id', '=', tenantId).execute();
      // Whoever changes a store waits: its point must not come between the old history and the new one.
      await sql`SELECT 1 FROM stores WHERE tenant_id = ${tenantId} ORDER BY store_id FOR UPDATE`.execute(tx);
      await tx.deleteFrom('store_history').where('tenant_id', '=', tenantId).execute();
      const { numAffectedRows = 0n } = await sql`
        INSERT INTO store_history (tenant_id, store_id, version, tag)
        SELECT tenant_id, store_id, sequence, replace(gen_random_uuid()::text, '-', '')
        FROM stores WHERE tenant_id = ${tenantId}`.execute(tx);
      await note(tx);
      return { stores: Number(numAffectedRows) };
    }),
});
