import type { Migration } from './migration.ts';

/** When all badges of a person were blocked last. Null: never. */
export const badgeBlocks: Migration = {
  number: 28,
  name: 'badge blocks',
  sql: `ALTER TABLE staff ADD COLUMN badges_blocked_at bigint;`,
};
