import type { Migration } from './migration.ts';

/** A copy of a kiosk that missed a change of keys can still prove whose copy it is, and be told that the kiosk is revoked. */
export const formerSigningKeys: Migration = {
  number: 15,
  name: 'former signing keys',
  sql: `
    CREATE TABLE former_signing_keys (
      tenant_id uuid NOT NULL,
      kiosk_id uuid NOT NULL,
      key jsonb NOT NULL,
      replaced_at bigint NOT NULL
    );
    CREATE INDEX former_signing_keys_by_kiosk ON former_signing_keys (tenant_id, kiosk_id, replaced_at);
  `,
};
