import type { Migration } from './migration.ts';

/** `previous_signing_key` is good until the kiosk has used the new one: the answer to its rotation may have been lost. */
export const keyRotation: Migration = {
  number: 2,
  name: 'key rotation',
  sql: `
    ALTER TABLE kiosks
      ADD COLUMN previous_signing_key jsonb,
      ADD COLUMN keys_registered_at bigint,
      ADD COLUMN rotation_requested_at bigint;
    UPDATE kiosks SET keys_registered_at = registered_at;
    ALTER TABLE kiosks ALTER COLUMN keys_registered_at SET NOT NULL;
  `,
};
