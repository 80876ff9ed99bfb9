import type { Migration } from './migration.ts';

/**
 * Attempts belong to their enrolment and outlive its row in the outbox: between `open_from` and `open_until` something was
 * sent for it that the vendor may have carried out, though the answer is not here. What was counted before counts as open.
 */
export const enrolmentAttempts: Migration = {
  number: 11,
  name: 'attempts of enrolments',
  sql: `
    ALTER TABLE outbox ADD COLUMN adopts boolean NOT NULL DEFAULT false;

    CREATE TABLE enrolment_attempts (
      tenant_id uuid NOT NULL,
      store_id uuid NOT NULL,
      enrolment_id uuid NOT NULL,
      attempts integer NOT NULL,
      open_from bigint,
      open_until bigint,
      PRIMARY KEY (tenant_id, store_id, enrolment_id)
    );
    INSERT INTO enrolment_attempts
      SELECT tenant_id, outbox.store_id, outbox.enrolment_id, registration_attempts.attempts,
        enrolments.changed_at, (extract(epoch FROM now()) * 1000)::bigint
      FROM registration_attempts
      JOIN outbox USING (tenant_id, serial_number)
      JOIN enrolments USING (tenant_id, store_id, enrolment_id);
    DROP TABLE registration_attempts;
    ALTER TABLE enrolment_attempts RENAME TO registration_attempts;
    ALTER INDEX enrolment_attempts_pkey RENAME TO registration_attempts_pkey;
  `,
};
