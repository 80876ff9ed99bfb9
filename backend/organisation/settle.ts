/** Brings what a store’s rights come to up to what was set for it, its district and its organisation. */
import { isDeepStrictEqual } from 'node:util';
import { ok, type Result } from '#shared/errors/app-error.ts';
import type { PersonRights } from '#shared/rights/model.ts';
import type { Db } from '../store/database.ts';
import { personFields } from '../store/person-rights.ts';
import type { StoreWrite } from '../store/store-write.ts';
import { levelsOf } from './levels.ts';
import { mergeRights } from './merge.ts';
import { strandedBy } from './sound-merge.ts';

export interface StorePerson extends PersonRights {
  readonly name: string;
}

export const peopleOf = async (tx: Db, tenantId: string, storeId: string): Promise<StorePerson[]> => {
  const rows = await tx
    .selectFrom('staff')
    .select(['staff_id', 'name', 'employee_number', 'roles', 'valid_from', 'valid_until', 'assignments'])
    .where('tenant_id', '=', tenantId)
    .where('store_id', '=', storeId)
    .where('deleted', '=', false)
    .orderBy('name')
    .orderBy('staff_id')
    .execute();
  return rows.map((row) => ({ staffId: row.staff_id, name: row.name, ...personFields(row) }));
};

/**
 * Of a store that is held (`write`), after something was written of what it is made of. Takes a version only where it comes to something
 * else. `operator.bad_value` where a person or a rule could no longer be judged: the caller undoes what it wrote.
 */
export const settleRights = async (
  { tx, nextVersion }: StoreWrite,
  tenantId: string,
  storeId: string,
): Promise<Result<null>> => {
  const levels = await levelsOf(tx, tenantId, storeId);
  if (!levels) return ok(null);
  const merged = mergeRights(levels);
  if (isDeepStrictEqual(merged, levels.merged)) return ok(null);
  const problem = strandedBy(await peopleOf(tx, tenantId, storeId), merged);
  if (problem) return problem;
  await tx
    .updateTable('stores')
    .set({ rights: merged && JSON.stringify(merged), version: nextVersion() })
    .where('tenant_id', '=', tenantId)
    .where('store_id', '=', storeId)
    .execute();
  return ok(null);
};
