import type { Migration } from './migration.ts';

/** Few at any time among all that ever were: what the line for serial numbers looks for every few seconds. */
export const uncertainEnrolments: Migration = {
  number: 20,
  name: 'uncertain enrolments',
  sql: `
    CREATE INDEX enrolments_uncertain ON enrolments (tenant_id, serial_number) WHERE state = 'uncertain' AND NOT deleted;
  `,
};
