import type { Migration } from './migration.ts';

/**
 * Every table leads with tenant and store, so that it shards by tenant. `version` is the store's sequence number at the
 * row's last change. Times are milliseconds since the epoch.
 */
export const firstTables: Migration = {
  number: 1,
  name: 'first tables',
  sql: `
    CREATE TABLE stores (
      tenant_id uuid NOT NULL,
      store_id uuid NOT NULL,
      name text NOT NULL,
      policy jsonb NOT NULL,
      sequence bigint NOT NULL DEFAULT 0,
      version bigint NOT NULL,
      deleted boolean NOT NULL DEFAULT false,
      PRIMARY KEY (tenant_id, store_id)
    );

    CREATE TABLE registration_codes (
      tenant_id uuid NOT NULL,
      store_id uuid NOT NULL,
      code_hash bytea NOT NULL,
      expires_at bigint NOT NULL,
      kiosk_id uuid,
      PRIMARY KEY (tenant_id, code_hash)
    );

    CREATE TABLE kiosks (
      tenant_id uuid NOT NULL,
      store_id uuid NOT NULL,
      kiosk_id uuid NOT NULL,
      name text NOT NULL,
      signing_key jsonb NOT NULL,
      sealing_key jsonb NOT NULL,
      registered_at bigint NOT NULL,
      last_seen_at bigint,
      revoked_at bigint,
      PRIMARY KEY (tenant_id, store_id, kiosk_id)
    );
    CREATE UNIQUE INDEX kiosks_by_id ON kiosks (tenant_id, kiosk_id);

    CREATE TABLE used_assertions (
      tenant_id uuid NOT NULL,
      store_id uuid NOT NULL,
      kiosk_id uuid NOT NULL,
      jti text NOT NULL,
      expires_at bigint NOT NULL,
      PRIMARY KEY (tenant_id, store_id, kiosk_id, jti)
    );
    CREATE INDEX used_assertions_by_expiry ON used_assertions (expires_at);

    CREATE TABLE locks (
      tenant_id uuid NOT NULL,
      store_id uuid NOT NULL,
      serial_number text NOT NULL,
      type text NOT NULL,
      name text NOT NULL,
      group_name text NOT NULL,
      device_certificate text NOT NULL,
      version bigint NOT NULL,
      deleted boolean NOT NULL DEFAULT false,
      PRIMARY KEY (tenant_id, store_id, serial_number)
    );
    CREATE INDEX locks_by_version ON locks (tenant_id, store_id, version);

    CREATE TABLE key_certificates (
      tenant_id uuid NOT NULL,
      store_id uuid NOT NULL,
      serial_number text NOT NULL,
      encrypted bytea NOT NULL,
      version bigint NOT NULL,
      deleted boolean NOT NULL DEFAULT false,
      PRIMARY KEY (tenant_id, store_id, serial_number)
    );
    CREATE INDEX key_certificates_by_version ON key_certificates (tenant_id, store_id, version);

    CREATE TABLE trust (
      tenant_id uuid NOT NULL,
      store_id uuid NOT NULL,
      trust_id text NOT NULL,
      owner text NOT NULL,
      certificate text NOT NULL,
      not_before bigint NOT NULL,
      not_after bigint NOT NULL,
      version bigint NOT NULL,
      deleted boolean NOT NULL DEFAULT false,
      PRIMARY KEY (tenant_id, store_id, trust_id)
    );
    CREATE INDEX trust_by_version ON trust (tenant_id, store_id, version);

    CREATE TABLE staff (
      tenant_id uuid NOT NULL,
      store_id uuid NOT NULL,
      staff_id uuid NOT NULL,
      name text NOT NULL,
      pin jsonb NOT NULL,
      version bigint NOT NULL,
      deleted boolean NOT NULL DEFAULT false,
      PRIMARY KEY (tenant_id, store_id, staff_id)
    );
    CREATE INDEX staff_by_version ON staff (tenant_id, store_id, version);

    CREATE TABLE enrolments (
      tenant_id uuid NOT NULL,
      store_id uuid NOT NULL,
      enrolment_id uuid NOT NULL,
      origin text NOT NULL CHECK (origin IN ('kiosk', 'import')),
      serial_number text NOT NULL,
      state text NOT NULL,
      problem jsonb,
      type text NOT NULL,
      name text NOT NULL,
      group_name text NOT NULL,
      enrolment_code text NOT NULL,
      device_certificate text NOT NULL,
      kiosk_id uuid NOT NULL,
      staff_id uuid NOT NULL,
      captured_at bigint NOT NULL,
      changed_at bigint NOT NULL,
      operation_id uuid NOT NULL,
      version bigint NOT NULL,
      deleted boolean NOT NULL DEFAULT false,
      PRIMARY KEY (tenant_id, store_id, enrolment_id)
    );
    CREATE INDEX enrolments_by_version ON enrolments (tenant_id, store_id, version) WHERE origin = 'kiosk';

    CREATE TABLE enrolment_operations (
      tenant_id uuid NOT NULL,
      store_id uuid NOT NULL,
      enrolment_id uuid NOT NULL,
      operation_id uuid NOT NULL,
      PRIMARY KEY (tenant_id, store_id, enrolment_id, operation_id)
    );

    -- Who holds a serial number: at most one enrolment of the tenant, whatever its store.
    CREATE TABLE serial_claims (
      tenant_id uuid NOT NULL,
      serial_number text NOT NULL,
      store_id uuid NOT NULL,
      enrolment_id uuid NOT NULL,
      PRIMARY KEY (tenant_id, serial_number)
    );

    -- Registrations that the vendor has not answered for good. A row is locked for the length of its call.
    CREATE TABLE outbox (
      tenant_id uuid NOT NULL,
      store_id uuid NOT NULL,
      serial_number text NOT NULL,
      enrolment_id uuid NOT NULL,
      attempts integer NOT NULL DEFAULT 0,
      due_at bigint NOT NULL,
      PRIMARY KEY (tenant_id, serial_number)
    );
    CREATE INDEX outbox_by_due ON outbox (tenant_id, due_at);

    CREATE TABLE access_events (
      tenant_id uuid NOT NULL,
      store_id uuid NOT NULL,
      event_id uuid NOT NULL,
      kiosk_id uuid NOT NULL,
      sequence bigint NOT NULL,
      at bigint NOT NULL,
      hash text NOT NULL,
      verdict text NOT NULL,
      received_at bigint NOT NULL,
      body jsonb NOT NULL,
      PRIMARY KEY (tenant_id, store_id, event_id)
    );
    CREATE INDEX access_events_by_sequence ON access_events (tenant_id, store_id, kiosk_id, sequence);

    CREATE TABLE journal_heads (
      tenant_id uuid NOT NULL,
      store_id uuid NOT NULL,
      kiosk_id uuid NOT NULL,
      sequence bigint NOT NULL,
      hash text NOT NULL,
      PRIMARY KEY (tenant_id, store_id, kiosk_id)
    );

    -- What belongs to the tenant as a whole: the newest intermediates, the vendor's root, the backend's own key.
    CREATE TABLE intermediates (
      tenant_id uuid NOT NULL,
      trust_id text NOT NULL,
      owner text NOT NULL,
      certificate text NOT NULL,
      not_before bigint NOT NULL,
      not_after bigint NOT NULL,
      delivered_at bigint NOT NULL,
      PRIMARY KEY (tenant_id, trust_id)
    );

    CREATE TABLE tenant_settings (
      tenant_id uuid NOT NULL,
      name text NOT NULL,
      value bytea NOT NULL,
      PRIMARY KEY (tenant_id, name)
    );
  `,
};
