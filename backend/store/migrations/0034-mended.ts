import type { Migration } from './migration.ts';

/**
 * What is looked for again and again is found at once: verifiers that a backend of the release before has left in the open, and stores of
 * which kiosks were told without the key of their badges, as no secret opened it.
 */
export const mended: Migration = {
  number: 34,
  name: 'mended',
  sql: `
    ALTER TABLE stores ADD COLUMN badge_key_untold boolean NOT NULL DEFAULT false;
    CREATE INDEX pins_in_the_open ON staff (tenant_id, store_id, staff_id)
      WHERE NOT deleted AND pin -> 'sealed' IS NULL;
    CREATE INDEX duress_pins_in_the_open ON staff (tenant_id, store_id, staff_id)
      WHERE NOT deleted AND duress_pin IS NOT NULL AND duress_pin -> 'sealed' IS NULL;
  `,
};
