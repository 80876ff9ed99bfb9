/** Which alarms of a store are open: what its kiosks have raised and not ended, as their access events told it. */
import { sql } from 'kysely';
import { z } from 'zod';
import { alarmKindSchema } from '#shared/models/alarm.ts';
import { serialNumberSchema, uuidSchema } from '#shared/models/primitives.ts';
import { createDuressAdmin } from '../duress/duress-alarms.ts';
import type { Db } from '../store/database.ts';
import type { StoreKey } from '../store/store-key.ts';

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
  /** Of duress: who was forced, at that kiosk, and the event by which it is acknowledged here. */
  duress: z
    .strictObject({ eventId: uuidSchema, staffId: uuidSchema, name: z.string().nullable() })
    .optional(),
});
export const alarmsAnswerSchema = z.strictObject({ alarms: z.array(openAlarmSchema) });
type AlarmsAnswer = z.input<typeof alarmsAnswerSchema>;

/**
 * Duress first, then what nobody has acknowledged, then the newest. What another kiosk makes of duress is its own matter. Of kiosks that
 * are not revoked, and locks that the store has.
 */
export const openAlarms = async (db: Db, { tenantId, storeId }: StoreKey): Promise<AlarmsAnswer> => {
  const { rows } = await sql<AlarmsAnswer['alarms'][number]>`
    SELECT alarms.kind, nullif(alarms.serial_number, '') AS "serialNumber", locks.name, locks.group_name AS "group",
      alarms.kiosk_id AS "kioskId", kiosks.name AS "kioskName", alarms.raised_at AS since,
      CASE WHEN acknowledged > raised THEN json_build_object(
        'at', acknowledged_at, 'staffId', acknowledged_by, 'name', staff.name) END AS acknowledged
    FROM alarms
    JOIN kiosks ON kiosks.tenant_id = ${tenantId} AND kiosks.store_id = ${storeId}
      AND kiosks.kiosk_id = alarms.kiosk_id AND kiosks.revoked_at IS NULL
    LEFT JOIN locks ON locks.tenant_id = ${tenantId} AND locks.store_id = ${storeId}
      AND locks.serial_number = alarms.serial_number AND NOT locks.deleted
    LEFT JOIN staff ON staff.tenant_id = ${tenantId} AND staff.store_id = ${storeId}
      AND staff.staff_id::text = acknowledged_by AND NOT staff.deleted
    WHERE alarms.tenant_id = ${tenantId} AND alarms.store_id = ${storeId} AND raised > ended
      AND alarms.kind <> 'duress' AND (alarms.serial_number = '' OR locks.serial_number IS NOT NULL)
    ORDER BY acknowledged > raised, raised_at DESC, alarms.serial_number, alarms.kind`.execute(db);
  const duress = await createDuressAdmin({ db, tenantId }).open(storeId);
  const ofDuress = duress.map(({ eventId, staffId, name, kioskId, kioskName, at }) => ({
    kind: 'duress' as const,
    serialNumber: null,
    name: null,
    group: null,
    kioskId,
    kioskName,
    since: at,
    acknowledged: null,
    duress: { eventId, staffId, name },
  }));
  return { alarms: [...ofDuress, ...rows] };
};
