/**
 * Where a store stands in its history. Each change of a store ends at a point: its version and a random tag. Two histories
 * that part, because a backup was restored or a standby took over that had not heard everything, have the same versions
 * after that, and never the same tags. So one point that a kiosk has seen tells whether this database ever was there.
 */
import { randomBytes } from 'node:crypto';
import type { StoreKey } from './store-key.ts';
import { sql } from 'kysely';
import type { Db, Tx } from './database.ts';

export interface Standing {
  /** The store's newest version. */
  readonly sequence: number;
  /** `version.tag`; null for a store in which nothing has happened yet. */
  readonly point: string | null;
}

const tagBytes = 12;
export const writePoint = (version: number, tag: string): string => `${version}.${tag}`;

/** Ends a change at a point of its own. A store that was made anew under its old id begins its history again. */
export const markPoint = async (tx: Tx, { tenantId, storeId }: StoreKey, version: number): Promise<void> => {
  const tag = randomBytes(tagBytes).toString('hex');
  await tx
    .insertInto('store_history')
    .values({ tenant_id: tenantId, store_id: storeId, version, tag })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'store_id', 'version']).doUpdateSet({ tag }))
    .execute();
};

/** Throws for a store that does not exist. */
export const standingOf = async (db: Db | Tx, { tenantId, storeId }: StoreKey): Promise<Standing> => {
  const { rows } = await sql<{ sequence: number; tag: string | null }>`
    SELECT stores.sequence, store_history.tag
    FROM stores LEFT JOIN store_history
      ON store_history.tenant_id = stores.tenant_id AND store_history.store_id = stores.store_id
      AND store_history.version = stores.sequence
    WHERE stores.tenant_id = ${tenantId} AND stores.store_id = ${storeId}`.execute(db);
  const [row] = rows;
  if (!row) throw new Error('a kiosk of a store that does not exist');
  return { sequence: row.sequence, point: row.tag === null ? null : writePoint(row.sequence, row.tag) };
};

/** Whether the store's history goes through this point. A point that was forgotten for its age is not known either. */
export const wentThrough = async (
  db: Db | Tx,
  { tenantId, storeId }: StoreKey,
  point: string,
  standing: Standing,
): Promise<boolean> => {
  if (point === standing.point) return true;
  const [version = '', tag = ''] = point.split('.');
  const found = await db
    .selectFrom('store_history')
    .select('version')
    .where('tenant_id', '=', tenantId)
    .where('store_id', '=', storeId)
    .where('version', '=', Number(version))
    .where('tag', '=', tag)
    .executeTakeFirst();
  return found !== undefined;
};

export const wasAt = async (db: Db | Tx, store: StoreKey, point: string): Promise<boolean> =>
  wentThrough(db, store, point, await standingOf(db, store));

/** A kiosk that is further behind takes everything anew, which costs one long pull and loses nothing. */
const keptVersions = 10_000;

/** `most` of those that are older, over all stores. Tells how many went. */
export const forgetOldPoints = async (db: Db, most: number): Promise<number> => {
  const { numAffectedRows = 0n } = await sql`
    DELETE FROM store_history WHERE ctid = ANY(ARRAY(
      SELECT store_history.ctid FROM stores JOIN store_history USING (tenant_id, store_id)
      WHERE store_history.version < stores.sequence - ${keptVersions} LIMIT ${most}))`.execute(db);
  return Number(numAffectedRows);
};
