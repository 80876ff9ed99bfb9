import type { Migration } from './migration.ts';

/**
 * When each store last had a registration sent to the vendor, as a number that only grows: whoever has waited longest is
 * next, whatever stands in line behind. It is taken by all instances from one sequence, so that no clock plays a part.
 */
export const registrationTurns: Migration = {
  number: 10,
  name: 'registration turns',
  sql: `
    CREATE SEQUENCE registration_turn;
    CREATE TABLE registration_turns (
      tenant_id uuid NOT NULL,
      store_id uuid NOT NULL,
      turn bigint NOT NULL,
      PRIMARY KEY (tenant_id, store_id)
    );
    CREATE INDEX outbox_by_store ON outbox (tenant_id, store_id, due_at);
  `,
};
