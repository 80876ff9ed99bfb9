/** What a kiosk signed with before it took new keys: a copy of it may have missed that, and goes on signing so. */
import type { PublicJwk } from '#shared/http/contract.ts';
import type { Db } from '../store/database.ts';

/** The newest: at one change in 90 days those of five years. */
const mostTried = 20;

/** Newest first. Good for hearing that the kiosk is revoked and for its last words, and for nothing else. */
export const formerKeysOf = async (db: Db, tenantId: string, kioskId: string): Promise<PublicJwk[]> => {
  const rows = await db
    .selectFrom('former_signing_keys')
    .select('key')
    .where('tenant_id', '=', tenantId)
    .where('kiosk_id', '=', kioskId)
    .orderBy('replaced_at', 'desc')
    .limit(mostTried)
    .execute();
  return rows.map(({ key }) => key);
};
