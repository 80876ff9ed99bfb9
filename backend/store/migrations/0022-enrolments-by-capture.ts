import type { Migration } from './migration.ts';

/** How an operator's pages of them are read. */
export const enrolmentsByCapture: Migration = {
  number: 22,
  name: 'enrolments by capture',
  sql: `
    CREATE INDEX enrolments_by_capture ON enrolments (tenant_id, store_id, captured_at, enrolment_id) WHERE NOT deleted;
  `,
};
