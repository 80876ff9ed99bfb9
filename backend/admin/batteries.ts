/** Which batteries of a store are to be changed this week, by what its kiosks have told: the list that a kiosk shows, by the same rules. */
import { sql } from 'kysely';
import type { z } from 'zod';
import {
  batteryListOf,
  batteryListSchema,
  isLow,
  type BatteryState,
} from '#shared/batteries/battery-list.ts';
import type { Db } from '../store/database.ts';
import type { StoreKey } from '../store/store-key.ts';

export const batteriesAnswerSchema = batteryListSchema;

interface Row {
  readonly serialNumber: string;
  readonly name: string;
  readonly group: string;
  /** Since when a kiosk has had it as an alarm; null where none has. */
  readonly lowSince: number | null;
  readonly changedAt: number | null;
  /** Day, time and percent. */
  readonly readings: readonly (readonly [number, number, number])[];
}

export interface Batteries {
  list(storeId: string): Promise<z.input<typeof batteriesAnswerSchema>>;
}

/** Of locks that are in a place: a spare hangs nowhere. `low` is what a kiosk that is not revoked has raised as an alarm. */
export const createBatteries = (db: Db, tenantId: string, now: () => number): Batteries => ({
  list: async (storeId) => batteryListOf(await statesOf(db, { tenantId, storeId }), now()),
});

const statesOf = async (db: Db, { tenantId, storeId }: StoreKey): Promise<BatteryState[]> => {
  const { rows } = await sql<Row>`
    SELECT locks.serial_number AS "serialNumber", locks.name, locks.group_name AS "group",
      (SELECT max(raised_at) FROM alarms JOIN kiosks USING (tenant_id, store_id, kiosk_id)
        WHERE alarms.tenant_id = locks.tenant_id AND alarms.store_id = locks.store_id
          AND alarms.serial_number = locks.serial_number AND alarms.kind = 'battery_low'
          AND raised > ended AND kiosks.revoked_at IS NULL) AS "lowSince",
      changes.at AS "changedAt",
      coalesce((SELECT json_agg(json_build_array(day, at, percent) ORDER BY day) FROM battery_readings AS readings
        WHERE readings.tenant_id = locks.tenant_id AND readings.store_id = locks.store_id
          AND readings.serial_number = locks.serial_number
          AND readings.at > coalesce(changes.at, 0)), '[]') AS readings
    FROM locks LEFT JOIN battery_changes AS changes USING (tenant_id, store_id, serial_number)
    WHERE locks.tenant_id = ${tenantId} AND locks.store_id = ${storeId} AND NOT locks.deleted
      AND locks.place_id IS NOT NULL
    ORDER BY locks.serial_number`.execute(db);
  return rows.map(({ readings, changedAt, lowSince, ...lock }) => {
    const last = readings.at(-1);
    const changed = changedAt === null ? null : { at: changedAt, percent: null };
    const heard = last ? { at: last[1], percent: last[2] } : changed;
    return {
      ...lock,
      heard,
      low: isLow(lowSince, heard, changedAt),
      readings: readings.map(([day, , percent]) => ({ day, percent })),
    };
  });
};
