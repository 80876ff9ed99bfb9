import type { Migration } from './migration.ts';

/**
 * What people name is a place; locks come and go in it. Each lock that is there is in a place of its own, since ever (0), and kiosks
 * are told of it. A `spare` is in none.
 */
export const places: Migration = {
  number: 29,
  name: 'places',
  sql: `
    CREATE TABLE places (
      tenant_id uuid NOT NULL,
      store_id uuid NOT NULL,
      place_id uuid NOT NULL,
      name text NOT NULL,
      group_name text NOT NULL,
      PRIMARY KEY (tenant_id, store_id, place_id)
    );
    CREATE TABLE occupancies (
      tenant_id uuid NOT NULL,
      store_id uuid NOT NULL,
      place_id uuid NOT NULL,
      serial_number text NOT NULL,
      since bigint NOT NULL,
      until bigint CHECK (until >= since),
      FOREIGN KEY (tenant_id, store_id, place_id) REFERENCES places
    );
    CREATE INDEX occupancies_by_place ON occupancies (tenant_id, store_id, place_id, since);
    CREATE UNIQUE INDEX one_lock_in_a_place ON occupancies (tenant_id, store_id, place_id) WHERE until IS NULL;
    CREATE UNIQUE INDEX one_place_of_a_lock ON occupancies (tenant_id, store_id, serial_number) WHERE until IS NULL;
    ALTER TABLE locks ADD COLUMN place_id uuid, ADD COLUMN spare boolean NOT NULL DEFAULT false;
    UPDATE locks SET place_id = gen_random_uuid(), version = stores.sequence + counted.place
      FROM stores, (
        SELECT tenant_id, store_id, serial_number,
               row_number() OVER (PARTITION BY tenant_id, store_id ORDER BY version) AS place
        FROM locks WHERE NOT deleted) AS counted
      WHERE stores.tenant_id = locks.tenant_id AND stores.store_id = locks.store_id
        AND counted.tenant_id = locks.tenant_id AND counted.store_id = locks.store_id
        AND counted.serial_number = locks.serial_number;
    UPDATE stores SET sequence = newest.version
      FROM (SELECT tenant_id, store_id, max(version) AS version FROM locks
            WHERE place_id IS NOT NULL GROUP BY tenant_id, store_id) AS newest
      WHERE newest.tenant_id = stores.tenant_id AND newest.store_id = stores.store_id;
    INSERT INTO store_history (tenant_id, store_id, version, tag)
      SELECT tenant_id, store_id, sequence, replace(gen_random_uuid()::text, '-', '') FROM stores
      ON CONFLICT DO NOTHING;
    INSERT INTO places SELECT tenant_id, store_id, place_id, name, group_name FROM locks
      WHERE place_id IS NOT NULL;
    INSERT INTO occupancies SELECT tenant_id, store_id, place_id, serial_number, 0, NULL FROM locks
      WHERE place_id IS NOT NULL;
  `,
};
