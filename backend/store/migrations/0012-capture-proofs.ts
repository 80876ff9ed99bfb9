import type { Migration } from './migration.ts';

/** What a lock has said of its enrolment code, verified when the enrolment came; null: nothing that holds. */
export const captureProofs: Migration = {
  number: 12,
  name: 'capture proofs',
  sql: 'ALTER TABLE enrolments ADD COLUMN proof text;',
};
