import type { Migration } from './migration.ts';

/** The lock in whose place an enrolment's lock comes once it is ready; null: it has a place of its own. */
export const replacingEnrolments: Migration = {
  number: 30,
  name: 'replacing enrolments',
  sql: 'ALTER TABLE enrolments ADD COLUMN replaces text;',
};
