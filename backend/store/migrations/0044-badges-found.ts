import type { Migration } from './migration.ts';

/** Whose a badge is in all stores is asked whenever one is given, and whenever somebody comes to a store. */
export const badgesFound: Migration = {
  number: 44,
  name: 'badges found',
  sql: `
    CREATE INDEX staff_badges ON staff USING gin (badges jsonb_path_ops);
    CREATE INDEX people_badges ON people USING gin (badges jsonb_path_ops);
  `,
};
