/** What an assertion is checked against, and where its use is remembered: read and written for many at once. */
import { sql, type Insertable, type Selectable } from 'kysely';
import type { Db } from '../store/database.ts';
import { createGathering } from '../store/gathering.ts';
import { writtenHereOnly } from '../store/store-write.ts';
import type { Tables } from '../store/tables.ts';

const mostAtOnce = 100;

export const createAssertionRows = (db: Db, tenantId: string) => ({
  kioskOf: createGathering((kioskIds: readonly string[]) => readKiosks(db, tenantId, kioskIds), mostAtOnce),
  rememberUse: createGathering((uses: readonly Use[]) => rememberUses(db, tenantId, uses), mostAtOnce),
});

const kioskColumns = [
  'kiosk_id',
  'store_id',
  'signing_key',
  'previous_signing_key',
  'keys_registered_at',
  'rotation_requested_at',
  'revoked_at',
  'revoked_reason',
] as const;
type KioskRow = Pick<Selectable<Tables['kiosks']>, (typeof kioskColumns)[number]>;

const readKiosks = async (
  db: Db,
  tenantId: string,
  kioskIds: readonly string[],
): Promise<(KioskRow | undefined)[]> => {
  const rows = await db
    .selectFrom('kiosks')
    .select(kioskColumns)
    .where('tenant_id', '=', tenantId)
    .where('kiosk_id', '=', sql<string>`ANY(${kioskIds}::uuid[])`)
    .execute();
  const byId = new Map(rows.map((row) => [row.kiosk_id, row]));
  return kioskIds.map((kioskId) => byId.get(kioskId.toLowerCase()));
};

type Use = Omit<Insertable<Tables['used_assertions']>, 'tenant_id'>;
const keyOf = ({ kiosk_id: kioskId, jti }: Pick<Use, 'kiosk_id' | 'jti'>): string =>
  `${kioskId.toLowerCase()} ${jti}`;

/**
 * False for one that was used before. Does not wait for a standby: without one kiosks go on reading, and need tokens for that. An
 * assertion could be used once more, in its five minutes, at a standby that took over without having heard of it.
 */
const rememberUses = async (db: Db, tenantId: string, uses: readonly Use[]): Promise<boolean[]> => {
  // In one order at every instance, so that none waits for another that waits for it.
  const inOrder = [...uses].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const column = <T>(pick: (use: Use) => T): T[] => inOrder.map(pick);
  const { rows } = await sql<Pick<Use, 'kiosk_id' | 'jti'>>`
    WITH ${writtenHereOnly}
    INSERT INTO used_assertions (tenant_id, store_id, kiosk_id, jti, expires_at)
    SELECT ${tenantId}::uuid, used.* FROM here_only, unnest(
      ${column((use) => use.store_id)}::uuid[],
      ${column((use) => use.kiosk_id)}::uuid[],
      ${column((use) => use.jti)}::text[],
      ${column((use) => use.expires_at)}::bigint[]) AS used
    ON CONFLICT DO NOTHING RETURNING kiosk_id, jti`.execute(db);
  const inserted = new Set(rows.map(keyOf));
  // Of two at the same time, one was the first.
  return uses.map((use) => inserted.delete(keyOf(use)));
};
