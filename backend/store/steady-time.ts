/** Reads the time that `retention/steady-clock.ts` keeps. */
import { sql, type RawBuilder } from 'kysely';
import type { Db, Tx } from './database.ts';

/**
 * When something is received that is kept for a time, in ms: by the clock, `now`, but not before the steady time. What comes
 * while the clock is a year behind would else be too old as soon as that is put right.
 */
export const receiptTime = async (db: Db | Tx, tenantId: string, now: number): Promise<number> => {
  const steady = await db
    .selectFrom('steady_time')
    .select('at')
    .where('tenant_id', '=', tenantId)
    .executeTakeFirst();
  return Math.max(now, steady?.at ?? now);
};

/**
 * The same where a row is written: `now`, or the steady time if that is later. What is removed for its age must not look older than
 * it is.
 */
export const datedNow = (tenantId: string, now: number): RawBuilder<number> =>
  sql`greatest(${now}::bigint, (SELECT at FROM steady_time WHERE tenant_id = ${tenantId}))`;
