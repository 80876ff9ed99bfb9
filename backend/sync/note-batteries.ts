/** What events of a kiosk say of batteries, kept by lock and day for as long as the forecast looks back. */
import { sql } from 'kysely';
import { dayOf, keptDays } from '#shared/batteries/forecast.ts';
import type { AccessEvent } from '#shared/models/access-event.ts';
import type { Tx } from '../store/database.ts';
import type { LockOfStore } from '../store/lock-row.ts';
import type { JournalScope } from './journal-state.ts';

const dayMs = 86_400_000;
type Store = Pick<JournalScope, 'tenantId' | 'storeId'>;

interface Reading {
  readonly serialNumber: string;
  readonly day: number;
  readonly at: number;
  readonly percent: number;
}

/**
 * Whatever the order in which they come: of each day what was heard last counts, and of a lock its newest change. What a clock told that
 * is ahead by a day is not kept, nor what is older than any forecast, or of a lock that the store has not. Kiosks of a store tell of the
 * same locks at the same time: each writes its rows in the order of their keys.
 */
export const noteBatteries = async (
  tx: Tx,
  store: Store,
  events: readonly AccessEvent[],
  now: number,
): Promise<void> => {
  const isOfUse = (at: number): boolean => at <= now + dayMs && at >= now - keptDays * dayMs;
  const readings = new Map<string, Reading>();
  const changes = new Map<string, number>();
  for (const { kind, at: toldAt, batteries = [], round } of events) {
    if (!isOfUse(toldAt)) continue;
    for (const { serialNumber, percent, heardAt } of kind === 'batteries_read' ? batteries : []) {
      const at = Math.min(heardAt, toldAt);
      if (!isOfUse(at)) continue;
      const key = `${serialNumber} ${dayOf(at)}`;
      const before = readings.get(key);
      if (before === undefined || before.at <= at)
        readings.set(key, { serialNumber, day: dayOf(at), at, percent });
    }
    for (const serialNumber of kind === 'battery_round' ? (round?.changed ?? []) : [])
      changes.set(serialNumber, Math.max(toldAt, changes.get(serialNumber) ?? 0));
  }
  if (readings.size > 0) await noteReadings(tx, store, [...readings.values()], dayOf(now));
  if (changes.size > 0) await noteChanges(tx, store, changes);
};

const noteReadings = async (
  tx: Tx,
  { tenantId, storeId }: Store,
  readings: readonly Reading[],
  today: number,
): Promise<void> => {
  const column = <T>(pick: (each: Reading) => T): T[] => readings.map(pick);
  const serials = column(({ serialNumber }) => serialNumber);
  await sql`
    INSERT INTO battery_readings AS held (tenant_id, store_id, serial_number, day, at, percent)
    SELECT ${tenantId}::uuid, ${storeId}::uuid, told.*
    FROM unnest(${serials}::text[], ${column(({ day }) => day)}::int[], ${column(({ at }) => at)}::bigint[],
      ${column(({ percent }) => percent)}::smallint[]) AS told (serial_number, day, at, percent)
    JOIN locks ON locks.tenant_id = ${tenantId} AND locks.store_id = ${storeId}
      AND locks.serial_number = told.serial_number AND NOT locks.deleted
    ORDER BY told.serial_number, told.day
    ON CONFLICT (tenant_id, store_id, serial_number, day) DO UPDATE
      SET at = excluded.at, percent = excluded.percent WHERE excluded.at >= held.at`.execute(tx);
  // What was said of a lock that is silent stays, however old.
  await sql`
    DELETE FROM battery_readings
    WHERE tenant_id = ${tenantId} AND store_id = ${storeId} AND serial_number = ANY(${serials}::text[])
      AND day <= ${today - keptDays}::int`.execute(tx);
};

const noteChanges = async (
  tx: Tx,
  { tenantId, storeId }: Store,
  changes: ReadonlyMap<string, number>,
): Promise<void> => {
  await sql`
    INSERT INTO battery_changes AS held (tenant_id, store_id, serial_number, at)
    SELECT ${tenantId}::uuid, ${storeId}::uuid, told.*
    FROM unnest(${[...changes.keys()]}::text[], ${[...changes.values()]}::bigint[]) AS told (serial_number, at)
    JOIN locks ON locks.tenant_id = ${tenantId} AND locks.store_id = ${storeId}
      AND locks.serial_number = told.serial_number AND NOT locks.deleted
    ORDER BY told.serial_number
    ON CONFLICT (tenant_id, store_id, serial_number) DO UPDATE
      SET at = greatest(held.at, excluded.at)`.execute(tx);
};

/** The store has that lock no more: should it come back, it begins anew. */
export const forgetBatteries = async (
  tx: Tx,
  { tenantId, storeId, serialNumber }: LockOfStore,
): Promise<void> => {
  for (const table of ['battery_readings', 'battery_changes'] as const) {
    await tx
      .deleteFrom(table)
      .where('tenant_id', '=', tenantId)
      .where('store_id', '=', storeId)
      .where('serial_number', '=', serialNumber)
      .execute();
  }
};
