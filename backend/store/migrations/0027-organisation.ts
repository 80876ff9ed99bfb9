import type { Migration } from './migration.ts';

/**
 * A store may be in a district; both that and the organisation, which is the tenant, have rights that its stores start from. `rights` of a
 * store is what they come to, `own_rights` what was set for it.
 */
export const organisation: Migration = {
  number: 27,
  name: 'organisation',
  sql: `
    CREATE TABLE organisations (
      tenant_id uuid PRIMARY KEY,
      name text NOT NULL DEFAULT '',
      rights jsonb
    );
    CREATE TABLE districts (
      tenant_id uuid NOT NULL,
      district_id uuid NOT NULL,
      name text NOT NULL,
      rights jsonb,
      PRIMARY KEY (tenant_id, district_id)
    );
    ALTER TABLE stores
      ADD COLUMN own_rights jsonb,
      ADD COLUMN district_id uuid,
      ADD COLUMN time_zone text,
      ADD COLUMN address text,
      ADD FOREIGN KEY (tenant_id, district_id) REFERENCES districts (tenant_id, district_id);
    UPDATE stores SET own_rights = rights, time_zone = rights ->> 'timeZone';
    CREATE INDEX stores_by_district ON stores (tenant_id, district_id);
  `,
};
