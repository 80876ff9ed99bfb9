/** The tables of what kiosks have told of batteries (`sync/note-batteries.ts`). */

/** What a lock said on a day, the last time. */
export interface BatteryReadingsTable {
  tenant_id: string;
  store_id: string;
  serial_number: string;
  /** Whole days since 1970, UTC. */
  day: number;
  /** Of the event that told it, in ms. */
  at: number;
  percent: number;
}

/** When somebody last said that they changed it, in ms. */
export interface BatteryChangesTable {
  tenant_id: string;
  store_id: string;
  serial_number: string;
  at: number;
}
