import type { Migration } from './migration.ts';

/** Why a kiosk was revoked, and how many rows of last words it has handed in. */
export const signedRevocation: Migration = {
  number: 9,
  name: 'signed revocation',
  sql: `
    ALTER TABLE kiosks
      ADD COLUMN revoked_reason text,
      ADD COLUMN last_words bigint NOT NULL DEFAULT 0;
  `,
};
