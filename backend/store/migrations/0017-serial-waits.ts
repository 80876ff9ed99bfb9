import type { Migration } from './migration.ts';

/**
 * A claim is firm where its enrolment is proven, registered, or vouched for by an operator; any other gives way. Who comes
 * after one that is not firm waits in `serial_waits`, in the order of `place`, and behind those whose store has not had it
 * and lost it again (`serial_lapses`). An instance of an earlier release claims with the defaults: not firm, from now on.
 */
export const serialWaits: Migration = {
  number: 17,
  name: 'serial waits',
  sql: `
    ALTER TABLE serial_claims
      ADD COLUMN is_firm boolean NOT NULL DEFAULT false,
      ADD COLUMN claimed_at bigint NOT NULL DEFAULT (extract(epoch FROM clock_timestamp()) * 1000)::bigint;
    UPDATE serial_claims SET
      claimed_at = enrolments.changed_at,
      is_firm = enrolments.proof IS NOT NULL OR enrolments.origin = 'import'
        OR enrolments.state IN ('registered', 'provisioned')
      FROM enrolments
      WHERE enrolments.tenant_id = serial_claims.tenant_id AND enrolments.store_id = serial_claims.store_id
        AND enrolments.enrolment_id = serial_claims.enrolment_id;
    UPDATE serial_claims SET is_firm = true FROM outbox
      WHERE outbox.tenant_id = serial_claims.tenant_id AND outbox.serial_number = serial_claims.serial_number
        AND outbox.adopts;

    CREATE SEQUENCE serial_place;
    CREATE TABLE serial_waits (
      tenant_id uuid NOT NULL,
      store_id uuid NOT NULL,
      enrolment_id uuid NOT NULL,
      serial_number text NOT NULL,
      kiosk_id uuid NOT NULL,
      is_firm boolean NOT NULL,
      adopts boolean NOT NULL,
      since bigint NOT NULL,
      place bigint NOT NULL DEFAULT nextval('serial_place'),
      PRIMARY KEY (tenant_id, store_id, enrolment_id)
    );
    CREATE INDEX serial_waits_by_serial ON serial_waits (tenant_id, serial_number);

    CREATE TABLE serial_lapses (
      tenant_id uuid NOT NULL,
      store_id uuid NOT NULL,
      serial_number text NOT NULL,
      kiosk_id uuid NOT NULL,
      lapses integer NOT NULL,
      last_at bigint NOT NULL,
      PRIMARY KEY (tenant_id, serial_number, store_id, kiosk_id)
    );
  `,
};
