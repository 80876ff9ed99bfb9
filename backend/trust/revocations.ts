/** The parts of the vendor's revocation list: kept for the tenant, and handed to every store. */
import { sql } from 'kysely';
import type { Db } from '../store/database.ts';
import type { StoreWrite } from '../store/store-write.ts';
import type { RevocationPart } from '../live-lock/live-lock-api.ts';

/** Bounded, and never cut where it differs. Earlier releases know the first by this id. */
const trustIdOf = (owner: string, part: number): string =>
  (part === 1 ? `revocations of ${owner}` : `revocations ${part} of ${owner}`).slice(0, 100);

/** In their order; empty where nothing was ever revoked. */
export const heldParts = (
  db: Db,
  { tenantId, owner }: { readonly tenantId: string; readonly owner: string },
): Promise<RevocationPart[]> =>
  db
    .selectFrom('revocation_parts')
    .select(['version', 'list'])
    .where('tenant_id', '=', tenantId)
    .where('owner', '=', owner)
    .orderBy('part')
    .execute();

/** Keeps what was judged to go on from what is held: all parts or none. A part is replaced by a newer one only. */
export const keepParts = async (
  db: Db,
  { tenantId, owner }: { readonly tenantId: string; readonly owner: string },
  parts: readonly RevocationPart[],
): Promise<void> => {
  await db
    .insertInto('revocation_parts')
    .values(
      parts.map(({ version, list }, at) => ({
        tenant_id: tenantId,
        owner,
        version,
        list,
        part: at + 1,
        trust_id: trustIdOf(owner, at + 1),
      })),
    )
    .onConflict((conflict) =>
      conflict
        .columns(['tenant_id', 'owner', 'part'])
        .doUpdateSet((row) => ({ version: row.ref('excluded.version'), list: row.ref('excluded.list') }))
        .whereRef('excluded.version', '>', 'revocation_parts.version'),
    )
    .execute();
};

/** Brings a store's rows in line with what is kept: one per part, in their order. They never go. */
export const alignStoreRevocations = async (
  { tx, nextVersion }: StoreWrite,
  tenantId: string,
  storeId: string,
): Promise<void> => {
  const changed = await tx
    .selectFrom('revocation_parts as kept')
    .leftJoin('trust', (join) =>
      join
        .onRef('trust.tenant_id', '=', 'kept.tenant_id')
        .on('trust.store_id', '=', storeId)
        .onRef('trust.trust_id', '=', 'kept.trust_id'),
    )
    .select(['kept.owner', 'kept.part', 'kept.list', 'kept.trust_id'])
    .where('kept.tenant_id', '=', tenantId)
    .where(sql<boolean>`trust.list IS DISTINCT FROM kept.list`)
    .orderBy('kept.owner')
    .orderBy('kept.part')
    .execute();
  if (changed.length === 0) return;
  await tx
    .insertInto('trust')
    .values(
      changed.map(({ owner, part, list, trust_id }) => ({
        tenant_id: tenantId,
        store_id: storeId,
        trust_id,
        owner,
        list,
        kind: part === 1 ? ('revocation_list' as const) : ('revocation_part' as const),
        certificate: null,
        not_before: null,
        not_after: null,
        deleted: false,
        version: nextVersion(),
      })),
    )
    .onConflict((conflict) =>
      conflict
        .columns(['tenant_id', 'store_id', 'trust_id'])
        .doUpdateSet((row) => ({ list: row.ref('excluded.list'), version: row.ref('excluded.version') })),
    )
    .execute();
};
