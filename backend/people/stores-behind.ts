/** Which stores do not have somebody as they are. */
import type { Selectable } from 'kysely';
import type { Db } from '../store/database.ts';
import type { PeopleTable } from './people-table.ts';
import { reaches } from './assignments.ts';

/**
 * First those that they are to be gone from, then those that have them as they were, then those that they are new at: whoever is known where
 * they should not be is worse than whoever is not known yet where they should.
 */
export const storesBehind = async (
  db: Db,
  tenantId: string,
  person: Selectable<PeopleTable>,
): Promise<string[]> => {
  const stores = await db
    .selectFrom('stores')
    .select(['store_id as storeId', 'district_id as districtId'])
    .where('tenant_id', '=', tenantId)
    .orderBy('store_id')
    .execute();
  const rows = await db
    .selectFrom('staff')
    .select(['store_id', 'person_revision'])
    .where('tenant_id', '=', tenantId)
    .where('staff_id', '=', person.staff_id)
    .where('deleted', '=', false)
    .execute();
  const asOf = new Map(rows.map((row) => [row.store_id, row.person_revision]));
  const [gone, changed, fresh]: [string[], string[], string[]] = [[], [], []];
  for (const store of stores) {
    const { storeId } = store;
    if (!person.assignments.some((each) => reaches(each, store))) {
      if (asOf.has(storeId)) gone.push(storeId);
    } else if (!asOf.has(storeId)) fresh.push(storeId);
    else if (asOf.get(storeId) !== person.revision) changed.push(storeId);
  }
  return [...gone, ...changed, ...fresh];
};
