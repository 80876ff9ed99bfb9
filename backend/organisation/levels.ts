/** The rights that a store’s own are merged with, as they are kept, and what those levels are called. */
import type { StoreDocument } from '#shared/models/documents.ts';
import type { StoreRights } from '#shared/rights/model.ts';
import type { Db, Tx } from '../store/database.ts';
import type { RightsByLevel } from './merge.ts';

/**
 * One change at a time of what stores have in common, and of what a store adds to it: each sees the other whole. To be called before any
 * store is held.
 */
export const holdOrganisation = async (tx: Tx, tenantId: string): Promise<void> => {
  await tx
    .insertInto('organisations')
    .values({ tenant_id: tenantId })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  await tx.selectFrom('organisations').select('name').where('tenant_id', '=', tenantId).forUpdate().execute();
};

export interface StoreInOrganisation extends RightsByLevel {
  readonly districtId: string | null;
  /** What they came to when something was last changed. */
  readonly merged: StoreRights | null;
}

/** Null: there is no such store. */
export const levelsOf = async (
  tx: Db,
  tenantId: string,
  storeId: string,
): Promise<StoreInOrganisation | null> => {
  const row = await tx
    .selectFrom('stores')
    .leftJoin('organisations', 'organisations.tenant_id', 'stores.tenant_id')
    .leftJoin('districts', (join) =>
      join
        .onRef('districts.tenant_id', '=', 'stores.tenant_id')
        .onRef('districts.district_id', '=', 'stores.district_id'),
    )
    .select([
      'stores.rights as merged',
      'stores.own_rights as store',
      'stores.time_zone as timeZone',
      'stores.district_id as districtId',
      'districts.rights as district',
      'organisations.rights as organisation',
    ])
    .where('stores.tenant_id', '=', tenantId)
    .where('stores.store_id', '=', storeId)
    .executeTakeFirst();
  return row ?? null;
};

/** As a store's document has them; what has no name is left out. */
export const namesAbove = async (
  tx: Db,
  tenantId: string,
  storeId: string,
): Promise<Pick<StoreDocument, 'district' | 'organisation'>> => {
  const row = await tx
    .selectFrom('stores')
    .leftJoin('organisations', 'organisations.tenant_id', 'stores.tenant_id')
    .leftJoin('districts', (join) =>
      join
        .onRef('districts.tenant_id', '=', 'stores.tenant_id')
        .onRef('districts.district_id', '=', 'stores.district_id'),
    )
    .select(['districts.name as district', 'organisations.name as organisation'])
    .where('stores.tenant_id', '=', tenantId)
    .where('stores.store_id', '=', storeId)
    .executeTakeFirst();
  return {
    ...(row?.district ? { district: row.district } : {}),
    ...(row?.organisation ? { organisation: row.organisation } : {}),
  };
};
