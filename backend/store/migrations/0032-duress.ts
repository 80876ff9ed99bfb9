import type { Migration } from './migration.ts';

/** Verifiers of duress PINs, and what the kiosks of a store have told of their use that nobody has acknowledged. Null: none. */
export const duress: Migration = {
  number: 32,
  name: 'duress',
  sql: `
    ALTER TABLE staff ADD COLUMN duress_pin jsonb;
    ALTER TABLE stores ADD COLUMN duress jsonb;
  `,
};
