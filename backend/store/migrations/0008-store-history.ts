import type { Migration } from './migration.ts';

/**
 * The points of each store's history: at which version it stood after a change, and a random tag that no other history has
 * there. A kiosk names the newest point that it has seen; a backend that came back from a backup does not know it.
 */
export const storeHistory: Migration = {
  number: 8,
  name: 'store history',
  sql: `
    CREATE TABLE store_history (
      tenant_id uuid NOT NULL,
      store_id uuid NOT NULL,
      version bigint NOT NULL,
      tag text NOT NULL,
      PRIMARY KEY (tenant_id, store_id, version)
    );
    INSERT INTO store_history (tenant_id, store_id, version, tag)
      SELECT tenant_id, store_id, sequence, replace(gen_random_uuid()::text, '-', '') FROM stores;
  `,
};
