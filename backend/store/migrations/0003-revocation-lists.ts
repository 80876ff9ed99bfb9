import type { Migration } from './migration.ts';

/** `trust` holds intermediates (`certificate` and its times) and revocation lists (`list`). */
export const revocationLists: Migration = {
  number: 3,
  name: 'revocation lists',
  sql: `
    ALTER TABLE trust
      ADD COLUMN kind text NOT NULL DEFAULT 'intermediate',
      ADD COLUMN list text,
      ALTER COLUMN certificate DROP NOT NULL,
      ALTER COLUMN not_before DROP NOT NULL,
      ALTER COLUMN not_after DROP NOT NULL,
      ADD CONSTRAINT trust_of_its_kind CHECK (
        (kind = 'intermediate' AND list IS NULL
          AND certificate IS NOT NULL AND not_before IS NOT NULL AND not_after IS NOT NULL)
        OR (kind = 'revocation_list' AND list IS NOT NULL));
  `,
};
