/** What is kept of somebody: as a person of the organisation, or in the stores that they were put in. */
import { reaches, type Assignment } from './assignments.ts';
import type { Db, Tx } from '../store/database.ts';

export interface PersonKey {
  readonly tenantId: string;
  readonly staffId: string;
}

export const allStores = (tx: Db, tenantId: string) =>
  tx
    .selectFrom('stores')
    .select(['store_id as storeId', 'name', 'district_id as districtId', 'policy'])
    .where('tenant_id', '=', tenantId)
    .orderBy('store_id')
    .execute();

export const storesReached = async (tx: Db, tenantId: string, assignments: readonly Assignment[]) =>
  (await allStores(tx, tenantId)).filter((store) => assignments.some((each) => reaches(each, store)));

/** Those who are assigned; nobody who was erased. */
export const assignedPeople = (tx: Db, tenantId: string) =>
  tx.selectFrom('people').selectAll().where('tenant_id', '=', tenantId).where('gone', '=', false);

/** Of somebody who is of stores alone; nothing of one who was erased and whose stores have not followed yet. */
export const rowsInStores = (tx: Db, { tenantId, staffId }: PersonKey) =>
  tx
    .selectFrom('staff')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .where('staff_id', '=', staffId)
    .where('deleted', '=', false)
    .where('person_revision', 'is', null)
    .orderBy('store_id')
    .execute();

/** Their stores do nothing with their badges meanwhile. */
export const holdStoresOf = (tx: Tx, { tenantId, staffId }: PersonKey) =>
  tx
    .selectFrom('stores')
    .select('store_id')
    .where('tenant_id', '=', tenantId)
    .where('store_id', 'in', (of) =>
      of
        .selectFrom('staff')
        .select('store_id')
        .where('tenant_id', '=', tenantId)
        .where('staff_id', '=', staffId)
        .where('deleted', '=', false),
    )
    .orderBy('store_id')
    .forUpdate()
    .execute();
