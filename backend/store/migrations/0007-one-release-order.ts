import type { Migration } from './migration.ts';

/** Each release order is a row under an id of its own; of those of one lock at most one stands. */
export const oneReleaseOrder: Migration = {
  number: 7,
  name: 'one release order',
  sql: `
    CREATE UNIQUE INDEX trust_one_release_order ON trust (tenant_id, store_id, serial_number)
      WHERE kind = 'release_order' AND NOT deleted;
  `,
};
