import type { Migration } from './migration.ts';

/** The key of a store's badges, encrypted, and what its people's are known by. Null: none yet. */
export const badges: Migration = {
  number: 26,
  name: 'badges',
  sql: `
    ALTER TABLE stores ADD COLUMN badge_key bytea;
    ALTER TABLE staff ADD COLUMN badges jsonb;
  `,
};
