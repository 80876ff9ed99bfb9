import type { Migration } from './migration.ts';

/** Few of a kiosk's events say something about the times of others: they are found without reading all that came since. */
export const clockCorrections: Migration = {
  number: 5,
  name: 'clock corrections',
  sql: `
    CREATE INDEX access_events_about_time ON access_events (tenant_id, store_id, kiosk_id, received_at)
      WHERE body->>'kind' = 'clock_corrected' OR verdict = 'restart';
  `,
};
