import type { Migration } from './migration.ts';

/** What the page speaks: a store's, and a person's own. Null: none was set. */
export const languageColumns: Migration = {
  number: 24,
  name: 'languages',
  sql: `
    ALTER TABLE stores ADD COLUMN language text;
    ALTER TABLE staff ADD COLUMN language text;
  `,
};
