import type { Migration } from './migration.ts';

/**
 * What kiosks have told of each alarm, as the sequence numbers of its newest events (0: none): open where it was raised after it ended.
 * Kept apart from the events, which go for their age while an alarm is still open. `serial_number` is empty of the kiosk's own journal.
 */
export const alarms: Migration = {
  number: 31,
  name: 'alarms',
  sql: `
    CREATE TABLE alarms (
      tenant_id uuid NOT NULL,
      store_id uuid NOT NULL,
      kiosk_id uuid NOT NULL,
      kind text NOT NULL,
      serial_number text NOT NULL,
      raised bigint NOT NULL DEFAULT 0,
      raised_at bigint NOT NULL DEFAULT 0,
      acknowledged bigint NOT NULL DEFAULT 0,
      acknowledged_at bigint NOT NULL DEFAULT 0,
      acknowledged_by text,
      ended bigint NOT NULL DEFAULT 0,
      told_at bigint NOT NULL,
      PRIMARY KEY (tenant_id, store_id, kiosk_id, kind, serial_number)
    );
    INSERT INTO alarms
      SELECT tenant_id, store_id, kiosk_id, kind, serial_number,
             coalesce(max(sequence) FILTER (WHERE what = 'alarm_raised'), 0),
             coalesce((array_agg(at ORDER BY sequence DESC) FILTER (WHERE what = 'alarm_raised'))[1], 0),
             coalesce(max(sequence) FILTER (WHERE what = 'alarm_acknowledged'), 0),
             coalesce((array_agg(at ORDER BY sequence DESC) FILTER (WHERE what = 'alarm_acknowledged'))[1], 0),
             (array_agg(by_whom ORDER BY sequence DESC) FILTER (WHERE what = 'alarm_acknowledged'))[1],
             coalesce(max(sequence) FILTER (WHERE what = 'alarm_ended'), 0),
             max(received_at)
      FROM (
        SELECT events.tenant_id, events.store_id, events.kiosk_id, events.sequence, events.at, events.received_at,
               events.body->>'kind' AS what, events.body->>'alarm' AS kind, events.body->>'staffId' AS by_whom,
               coalesce(events.body->>'serialNumber', '') AS serial_number
        FROM access_events AS events JOIN journal_heads AS heads USING (tenant_id, store_id, kiosk_id)
        WHERE events.verdict <> 'mismatch' AND events.body ? 'alarm'
          AND events.received_at >= coalesce(heads.restarted_at, 0)) AS told
      WHERE what IN ('alarm_raised', 'alarm_acknowledged', 'alarm_ended')
      GROUP BY tenant_id, store_id, kiosk_id, kind, serial_number;
  `,
};
