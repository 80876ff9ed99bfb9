/** What events of a kiosk say of its alarms, kept for as long as one is open, whatever becomes of the events. */
import { sql } from 'kysely';
import type { Tx } from '../store/database.ts';
import type { JudgedJournal } from './journal-check.ts';
import type { JournalScope } from './journal-state.ts';

/**
 * A kiosk that has begun its journal again has lost its alarms with it: what goes on is raised anew, and nobody could end the others.
 */
export const noteAlarms = async (
  tx: Tx,
  scope: JournalScope,
  { judged }: Pick<JudgedJournal, 'judged'>,
  now: number,
): Promise<void> => {
  const { tenantId, storeId, kioskId } = scope;
  for (const { event, verdict } of judged) {
    if (verdict === 'mismatch') continue;
    if (verdict === 'restart') {
      await tx
        .deleteFrom('alarms')
        .where('tenant_id', '=', tenantId)
        .where('store_id', '=', storeId)
        .where('kiosk_id', '=', kioskId)
        .execute();
    }
    const { kind, alarm, sequence, at, staffId } = event;
    if (alarm === undefined) continue;
    const told = {
      raised: kind === 'alarm_raised' ? sequence : 0,
      acknowledged: kind === 'alarm_acknowledged' ? sequence : 0,
      ended: kind === 'alarm_ended' ? sequence : 0,
    };
    // Whatever the order in which they come: of each, the newest counts.
    await sql`
      INSERT INTO alarms AS held (tenant_id, store_id, kiosk_id, kind, serial_number,
        raised, raised_at, acknowledged, acknowledged_at, acknowledged_by, ended, told_at)
      VALUES (${tenantId}, ${storeId}, ${kioskId}, ${alarm}, ${event.serialNumber ?? ''},
        ${told.raised}, ${told.raised && at}, ${told.acknowledged}, ${told.acknowledged && at},
        ${told.acknowledged > 0 ? staffId : null}, ${told.ended}, ${now})
      ON CONFLICT (tenant_id, store_id, kiosk_id, kind, serial_number) DO UPDATE SET
        raised_at = CASE WHEN excluded.raised > held.raised THEN excluded.raised_at ELSE held.raised_at END,
        acknowledged_at = CASE WHEN excluded.acknowledged > held.acknowledged
          THEN excluded.acknowledged_at ELSE held.acknowledged_at END,
        acknowledged_by = CASE WHEN excluded.acknowledged > held.acknowledged
          THEN excluded.acknowledged_by ELSE held.acknowledged_by END,
        raised = greatest(held.raised, excluded.raised),
        acknowledged = greatest(held.acknowledged, excluded.acknowledged),
        ended = greatest(held.ended, excluded.ended),
        told_at = greatest(held.told_at, excluded.told_at)`.execute(tx);
  }
};
