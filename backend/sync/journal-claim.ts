/** Whether the backend still holds what a kiosk remembers having delivered. */
import type { KioskOfStore } from '../identity/tokens.ts';
import type { Db, Tx } from '../store/database.ts';

/** `claim` is `sequence.hash` of an access event of this kiosk. What was removed for its age was held. */
export const holdsEvent = async (
  db: Db | Tx,
  { tenantId, storeId, kioskId }: KioskOfStore & { readonly tenantId: string },
  claim: string,
): Promise<boolean> => {
  const [sequence = '', hash = ''] = claim.split('.');
  const held = await db
    .selectFrom('access_events')
    .select('event_id')
    .where('tenant_id', '=', tenantId)
    .where('store_id', '=', storeId)
    .where('kiosk_id', '=', kioskId)
    .where('sequence', '=', Number(sequence))
    .where('hash', '=', hash)
    .executeTakeFirst();
  if (held !== undefined) return true;
  const removed = await db
    .selectFrom('journal_heads')
    .select('cut')
    .where('tenant_id', '=', tenantId)
    .where('store_id', '=', storeId)
    .where('kiosk_id', '=', kioskId)
    .where('cut', '>=', Number(sequence))
    .executeTakeFirst();
  return removed !== undefined;
};
