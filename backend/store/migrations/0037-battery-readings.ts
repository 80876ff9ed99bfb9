import type { Migration } from './migration.ts';

/**
 * What locks have said of their batteries, a row for each day, as kiosks told it: for the forecast, without reading any event. `day`
 * counts from 1970, UTC.
 */
export const batteryReadings: Migration = {
  number: 37,
  name: 'battery readings',
  sql: `
    CREATE TABLE battery_readings (
      tenant_id uuid NOT NULL,
      store_id uuid NOT NULL,
      serial_number text NOT NULL,
      day integer NOT NULL,
      at bigint NOT NULL,
      percent smallint NOT NULL,
      PRIMARY KEY (tenant_id, store_id, serial_number, day)
    );
    CREATE TABLE battery_changes (
      tenant_id uuid NOT NULL,
      store_id uuid NOT NULL,
      serial_number text NOT NULL,
      at bigint NOT NULL,
      PRIMARY KEY (tenant_id, store_id, serial_number)
    );
  `,
};
