import type { Migration } from './migration.ts';

/** By which enrolment a lock was registered that is ordered back. Null for orders of an earlier release, and for other trust. */
export const ordersOfRegistrations: Migration = {
  number: 21,
  name: 'orders of registrations',
  sql: `
    ALTER TABLE trust ADD COLUMN enrolment_id uuid;
  `,
};
