/** Rows that nobody looks up any more, of tables that kiosks do not pull. Each call removes `most` at the most, and tells how many. */
import { sql, type RawBuilder } from 'kysely';
import type { Db } from '../store/database.ts';

const removeFrom = async (
  db: Db,
  table: string,
  condition: RawBuilder<unknown>,
  most: number,
): Promise<number> => {
  const { numAffectedRows = 0n } = await sql`
    DELETE FROM ${sql.table(table)} WHERE ctid = ANY(ARRAY(
      SELECT ctid FROM ${sql.table(table)} WHERE ${condition} LIMIT ${most}))`.execute(db);
  return Number(numAffectedRows);
};

/** Assertions that have lapsed can't be replayed. */
export const removeLapsedAssertions = (db: Db, now: number, most: number): Promise<number> =>
  removeFrom(db, 'used_assertions', sql`expires_at < ${now}`, most);

/** Codes that have lapsed: the kiosk that used one has had its answer. */
export const removeLapsedCodes = (db: Db, now: number, most: number): Promise<number> =>
  removeFrom(db, 'registration_codes', sql`expires_at < ${now}`, most);

/**
 * Whoever has lost a serial number and stays away for so long is as good as anybody. What a clock has noted that was wrong holds
 * nobody back for longer.
 */
const lapseMemoryMs = 86_400_000;
export const removeOldLapses = (db: Db, now: number, most: number): Promise<number> =>
  removeFrom(
    db,
    'serial_lapses',
    sql`last_at < ${now - lapseMemoryMs} OR last_at > ${now + lapseMemoryMs}`,
    most,
  );

/** Of alarms that ended before `before`, in ms, or of locks that the store has not any more. */
export const removeOldAlarms = (db: Db, tenantId: string, before: number, most: number): Promise<number> =>
  removeFrom(
    db,
    'alarms',
    sql`tenant_id = ${tenantId} AND told_at < ${before} AND (raised <= ended OR (serial_number <> '' AND NOT EXISTS (
      SELECT FROM locks WHERE locks.tenant_id = alarms.tenant_id AND locks.store_id = alarms.store_id
        AND locks.serial_number = alarms.serial_number AND NOT locks.deleted)))`,
    most,
  );

/** What operators did before `before`, in ms. */
export const removeOldActs = (db: Db, tenantId: string, before: number, most: number): Promise<number> =>
  removeFrom(db, 'operator_acts', sql`tenant_id = ${tenantId} AND at < ${before}`, most);

/** Intermediates that lapsed before `before`, but for the one that the vendor gave last: kiosks say since when it has lapsed. */
export const removeLapsedIntermediates = (
  db: Db,
  tenantId: string,
  before: number,
  most: number,
): Promise<number> =>
  removeFrom(
    db,
    'intermediates',
    sql`tenant_id = ${tenantId} AND not_after < ${before} AND delivered_at < (
      SELECT max(delivered_at) FROM intermediates WHERE tenant_id = ${tenantId})`,
    most,
  );
