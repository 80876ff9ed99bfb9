import type { Migration } from './migration.ts';

/** Who may open what: a store's rules, and what people are judged by. Null: as before there were any. */
export const rights: Migration = {
  number: 23,
  name: 'rights',
  sql: `
    ALTER TABLE stores ADD COLUMN rights jsonb;
    ALTER TABLE staff
      ADD COLUMN employee_number text,
      ADD COLUMN roles jsonb,
      ADD COLUMN valid_from text,
      ADD COLUMN valid_until text;
  `,
};
