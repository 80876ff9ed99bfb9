import type { Migration } from './migration.ts';

/**
 * The parts of the vendor's revocation list, as they were kept last; `trust` holds each of them for every store, the first as
 * `revocation_list` and the others as `revocation_part`. What was one list before is the first part.
 */
export const revocationParts: Migration = {
  number: 16,
  name: 'revocation parts',
  sql: `
    CREATE TABLE revocation_parts (
      tenant_id uuid NOT NULL,
      owner text NOT NULL,
      part integer NOT NULL,
      version bigint NOT NULL,
      list text NOT NULL,
      trust_id text NOT NULL,
      PRIMARY KEY (tenant_id, owner, part)
    );
    INSERT INTO revocation_parts (tenant_id, owner, part, version, list, trust_id)
      SELECT tenant_id, kept->>'owner', 1, (kept->>'version')::bigint, kept->>'list',
             left('revocations of ' || (kept->>'owner'), 100)
      FROM (SELECT tenant_id, convert_from(value, 'UTF8')::jsonb AS kept
            FROM tenant_settings WHERE name = 'revocation list') AS before;
    DELETE FROM tenant_settings WHERE name = 'revocation list';
    ALTER TABLE trust
      DROP CONSTRAINT trust_of_its_kind,
      ADD CONSTRAINT trust_of_its_kind CHECK (
        (kind = 'intermediate' AND list IS NULL AND token IS NULL AND serial_number IS NULL
          AND certificate IS NOT NULL AND not_before IS NOT NULL AND not_after IS NOT NULL)
        OR (kind IN ('revocation_list', 'revocation_part')
          AND list IS NOT NULL AND token IS NULL AND serial_number IS NULL)
        OR (kind = 'release_order' AND list IS NULL AND token IS NOT NULL AND serial_number IS NOT NULL));
  `,
};
