import type { Migration } from './migration.ts';

/** Rows that were deleted by earlier releases keep their id and version, and nothing of what they were. */
export const blankTombstones: Migration = {
  number: 14,
  name: 'blank tombstones',
  sql: `
    UPDATE staff SET name = '', pin = '{"n":0,"r":0,"p":0,"salt":"","hash":""}' WHERE deleted;
    UPDATE locks SET type = '', name = '', group_name = '', device_certificate = '' WHERE deleted;
    UPDATE key_certificates SET encrypted = '' WHERE deleted;
    UPDATE trust SET owner = '', token = '' WHERE deleted AND kind = 'release_order';
    UPDATE trust SET owner = '', certificate = '', not_before = 0, not_after = 0
      WHERE deleted AND kind = 'intermediate';
  `,
};
