/** Which alarms of a store are open: what its kiosks have raised and not ended, as their access events tell it. */
import { sql } from 'kysely';
import { z } from 'zod';
import { alarmKindSchema } from '#shared/models/alarm.ts';
import { serialNumberSchema, uuidSchema } from '#shared/models/primitives.ts';
import type { Db } from '../store/database.ts';

const openAlarmSchema = z.strictObject({
  kind: alarmKindSchema,
  /** null, and so are name and group: it is about the kiosk's journal. */
  serialNumber: serialNumberSchema.nullable(),
  name: z.string().nullable(),
  group: z.string().nullable(),
  /** Which kiosk tells it; of a lock that two kiosks hear there may be one each. */
  kioskId: uuidSchema,
  kioskName: z.string(),
  /** By the kiosk's clock, ms. */
  since: z.int(),
  /** By whom, and when; the name is null of a person who is not known any more. */
  acknowledged: z.strictObject({ at: z.int(), staffId: uuidSchema, name: z.string().nullable() }).nullable(),
});
export const alarmsAnswerSchema = z.strictObject({ alarms: z.array(openAlarmSchema) });
type AlarmsAnswer = z.input<typeof alarmsAnswerSchema>;

/** What nobody has acknowledged first, then the newest. Of kiosks that are not revoked, and locks that the store has. */
export const openAlarms = async (
  db: Db,
  { tenantId, storeId }: { readonly tenantId: string; readonly storeId: string },
): Promise<AlarmsAnswer> => {
  const { rows } = await sql<AlarmsAnswer['alarms'][number]>`
    WITH told AS (
      SELECT kiosk_id, at, received_at, sequence, body->>'kind' AS kind, body->>'alarm' AS alarm,
        body->>'serialNumber' AS serial_number, body->>'staffId' AS staff_id
      FROM access_events
      WHERE tenant_id = ${tenantId} AND store_id = ${storeId} AND verdict <> 'mismatch' AND body ? 'alarm'),
    raised AS (
      SELECT DISTINCT ON (kiosk_id, serial_number, alarm) * FROM told WHERE kind = 'alarm_raised'
      ORDER BY kiosk_id, serial_number, alarm, received_at DESC, sequence DESC)
    SELECT raised.alarm AS kind, raised.serial_number AS "serialNumber", locks.name, locks.group_name AS "group",
      raised.kiosk_id AS "kioskId", kiosks.name AS "kioskName", raised.at AS since,
      CASE WHEN seen.at IS NOT NULL THEN json_build_object(
        'at', seen.at, 'staffId', seen.staff_id, 'name', staff.name) END AS acknowledged
    FROM raised
    JOIN kiosks ON kiosks.tenant_id = ${tenantId} AND kiosks.store_id = ${storeId}
      AND kiosks.kiosk_id = raised.kiosk_id AND kiosks.revoked_at IS NULL
    LEFT JOIN locks ON locks.tenant_id = ${tenantId} AND locks.store_id = ${storeId}
      AND locks.serial_number = raised.serial_number AND NOT locks.deleted
    LEFT JOIN LATERAL (
      SELECT told.at, told.staff_id FROM told
      WHERE told.kind = 'alarm_acknowledged' AND told.kiosk_id = raised.kiosk_id AND told.alarm = raised.alarm
        AND told.serial_number IS NOT DISTINCT FROM raised.serial_number
        AND (told.received_at, told.sequence) > (raised.received_at, raised.sequence)
      ORDER BY told.received_at, told.sequence LIMIT 1) AS seen ON true
    LEFT JOIN staff ON staff.tenant_id = ${tenantId} AND staff.store_id = ${storeId}
      AND staff.staff_id::text = seen.staff_id AND NOT staff.deleted
    WHERE (raised.serial_number IS NULL OR locks.serial_number IS NOT NULL)
      AND NOT EXISTS (
        SELECT FROM told
        WHERE told.kind = 'alarm_ended' AND told.kiosk_id = raised.kiosk_id AND told.alarm = raised.alarm
          AND told.serial_number IS NOT DISTINCT FROM raised.serial_number
          AND (told.received_at, told.sequence) > (raised.received_at, raised.sequence))
    ORDER BY seen.at IS NOT NULL, raised.at DESC, raised.serial_number`.execute(db);
  return { alarms: rows };
};
