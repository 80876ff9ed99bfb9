/** Whether somebody is assigned: what they are then is changed with them, and not with one of their stores. */
import { sql } from 'kysely';
import { badValue } from '../admin/bad-value.ts';
import type { Db, Tx } from '../store/database.ts';

/** Whoever puts somebody in a store, and whoever assigns them, does so one after the other. To be called before a store is held. */
export const holdPerson = async (tx: Tx, tenantId: string, staffId: string): Promise<void> => {
  await sql`SELECT pg_advisory_xact_lock(hashtextextended(${`person ${tenantId} ${staffId}`}, 0))`.execute(
    tx,
  );
};

export const isAssigned = async (tx: Db | Tx, tenantId: string, staffId: string): Promise<boolean> =>
  (await tx
    .selectFrom('people')
    .select('staff_id')
    .where('tenant_id', '=', tenantId)
    .where('staff_id', '=', staffId)
    .executeTakeFirst()) !== undefined;

/** Of these, those who are assigned. In a store that is held none of its people can be assigned meanwhile. */
export const assignedOf = async (
  tx: Db | Tx,
  tenantId: string,
  staffIds: readonly string[],
): Promise<ReadonlySet<string>> => {
  const rows = await tx
    .selectFrom('people')
    .select('staff_id')
    .where('tenant_id', '=', tenantId)
    .where(sql<boolean>`staff_id = ANY(${staffIds}::uuid[])`)
    .execute();
  return new Set(rows.map(({ staff_id: staffId }) => staffId));
};

export const assignedWords = 'is of somebody who is assigned: change them under /v1/admin/people';
export const assignedElsewhere = badValue('staffId', assignedWords);
