import type { Migration } from './migration.ts';

/** `trust` holds release orders, too: a lock of the store that is to be given back, and the root's token for it. */
export const releaseOrders: Migration = {
  number: 6,
  name: 'release orders',
  sql: `
    ALTER TABLE trust
      ADD COLUMN serial_number text,
      ADD COLUMN token text,
      DROP CONSTRAINT trust_of_its_kind,
      ADD CONSTRAINT trust_of_its_kind CHECK (
        (kind = 'intermediate' AND list IS NULL AND token IS NULL AND serial_number IS NULL
          AND certificate IS NOT NULL AND not_before IS NOT NULL AND not_after IS NOT NULL)
        OR (kind = 'revocation_list' AND list IS NOT NULL AND token IS NULL AND serial_number IS NULL)
        OR (kind = 'release_order' AND list IS NULL AND token IS NOT NULL AND serial_number IS NOT NULL));
  `,
};
