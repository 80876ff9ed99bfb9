/** The table of what kiosks have told of their alarms (`sync/note-alarms.ts`). */
import type { AlarmKind } from '#shared/models/alarm.ts';

/** Of each, the sequence number of its newest event; 0: none. It is open where it was raised after it ended. */
export interface AlarmsTable {
  tenant_id: string;
  store_id: string;
  kiosk_id: string;
  kind: AlarmKind;
  /** Empty: of the kiosk's own journal. */
  serial_number: string;
  raised: number;
  raised_at: number;
  acknowledged: number;
  acknowledged_at: number;
  acknowledged_by: string | null;
  ended: number;
  /** When the newest of them came. */
  told_at: number;
}
