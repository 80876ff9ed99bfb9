import type { Migration } from './migration.ts';

/**
 * Attempts are counted beside the outbox row, which is locked while its call is under way: the count is committed before
 * anything is sent, and by nobody who does not hold the lock.
 */
export const registrationAttempts: Migration = {
  number: 4,
  name: 'registration attempts',
  sql: `
    CREATE TABLE registration_attempts (
      tenant_id uuid NOT NULL,
      serial_number text NOT NULL,
      attempts integer NOT NULL,
      PRIMARY KEY (tenant_id, serial_number),
      FOREIGN KEY (tenant_id, serial_number) REFERENCES outbox ON DELETE CASCADE
    );
    INSERT INTO registration_attempts
      SELECT tenant_id, serial_number, attempts FROM outbox WHERE attempts > 0;
    ALTER TABLE outbox DROP COLUMN attempts;
  `,
};
