/** What events of a kiosk say of batteries, kept by lock and day for as long as the forecast looks back. */
import { sql } from 'kysely';
import { dayOf, keptDays } from '#shared/batteries/forecast.ts';
import type { AccessEvent } from '#shared/models/access-event.ts';
import type { Tx } from '../store/database.ts';
import type { JournalScope } from './journal-state.ts';

const dayMs = 86_400_000;
type Store = Pick<JournalScope, 'tenantId' | 'storeId'>;

/**
 * Whatever the order in which they come: of each day the newest counts, and of a lock its newest change. What a clock told that is ahead
 * by a day is not kept, nor what is older than any forecast, or of a lock that the store has not.
 */
export const noteBatteries = async (
  tx: Tx,
  store: Store,
  events: readonly AccessEvent[],
  now: number,
): Promise<void> => {
  for (const { at, batteries, round } of events) {
    if (at > now + dayMs || at < now - keptDays * dayMs) continue;
    if (batteries) await noteReadings(tx, store, at, batteries);
    if (round && round.changed.length > 0) await noteChanges(tx, store, at, round.changed);
  }
};

const noteReadings = async (
  tx: Tx,
  { tenantId, storeId }: Store,
  at: number,
  batteries: NonNullable<AccessEvent['batteries']>,
): Promise<void> => {
  const serials = batteries.map(({ serialNumber }) => serialNumber);
  await sql`
    INSERT INTO battery_readings AS held (tenant_id, store_id, serial_number, day, at, percent)
    SELECT ${tenantId}::uuid, ${storeId}::uuid, told.serial_number, ${dayOf(at)}::int, ${at}::bigint, min(told.percent)
    FROM unnest(${serials}::text[], ${batteries.map(({ percent }) => percent)}::smallint[])
      AS told (serial_number, percent)
    JOIN locks ON locks.tenant_id = ${tenantId} AND locks.store_id = ${storeId}
      AND locks.serial_number = told.serial_number AND NOT locks.deleted
    GROUP BY told.serial_number
    ON CONFLICT (tenant_id, store_id, serial_number, day) DO UPDATE
      SET at = excluded.at, percent = excluded.percent WHERE excluded.at >= held.at`.execute(tx);
  // The last word of a lock stays, however old: it has been silent since.
  await sql`
    DELETE FROM battery_readings AS held
    WHERE tenant_id = ${tenantId} AND store_id = ${storeId} AND ((serial_number = ANY(${serials}::text[])
      AND day <= ${dayOf(at) - keptDays}::int) OR ${isGone()})`.execute(tx);
  await sql`
    DELETE FROM battery_changes AS held
    WHERE tenant_id = ${tenantId} AND store_id = ${storeId} AND ${isGone()}`.execute(tx);
};

/** The store has that lock not any more. */
const isGone = () => sql`NOT EXISTS (SELECT FROM locks WHERE locks.tenant_id = held.tenant_id
  AND locks.store_id = held.store_id AND locks.serial_number = held.serial_number AND NOT locks.deleted)`;

const noteChanges = async (
  tx: Tx,
  { tenantId, storeId }: Store,
  at: number,
  changed: readonly string[],
): Promise<void> => {
  await sql`
    INSERT INTO battery_changes AS held (tenant_id, store_id, serial_number, at)
    SELECT DISTINCT ${tenantId}::uuid, ${storeId}::uuid, locks.serial_number, ${at}::bigint
    FROM locks WHERE locks.tenant_id = ${tenantId} AND locks.store_id = ${storeId}
      AND locks.serial_number = ANY(${[...changed]}::text[]) AND NOT locks.deleted
    ON CONFLICT (tenant_id, store_id, serial_number) DO UPDATE
      SET at = greatest(held.at, excluded.at)`.execute(tx);
};
