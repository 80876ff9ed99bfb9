/** Whether somebody is assigned: what they are then is changed with them, and not with one of their stores. */
import { badValue } from '../admin/bad-value.ts';
import type { Db, Tx } from '../store/database.ts';

export const isAssigned = async (tx: Db | Tx, tenantId: string, staffId: string): Promise<boolean> =>
  (await tx
    .selectFrom('people')
    .select('staff_id')
    .where('tenant_id', '=', tenantId)
    .where('staff_id', '=', staffId)
    .executeTakeFirst()) !== undefined;

export const assignedWords = 'is of somebody who is assigned: change them under /v1/admin/people';
export const assignedElsewhere = badValue('staffId', assignedWords);
