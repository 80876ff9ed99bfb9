import type { Migration } from './migration.ts';

/**
 * People who are assigned to stores, districts or the organisation: one name, one PIN and one set of badges wherever they are. Each store
 * that they reach has its row of them, made from theirs as of `person_revision`; null there: somebody of that store alone.
 */
export const people: Migration = {
  number: 35,
  name: 'people',
  sql: `
    CREATE TABLE people (
      tenant_id uuid NOT NULL,
      staff_id uuid NOT NULL,
      name text NOT NULL,
      pin jsonb NOT NULL,
      duress_pin jsonb,
      badges jsonb,
      badges_blocked_at bigint,
      employee_number text,
      language text,
      assignments jsonb NOT NULL,
      revision bigint NOT NULL,
      settled_revision bigint NOT NULL DEFAULT 0,
      gone boolean NOT NULL DEFAULT false,
      PRIMARY KEY (tenant_id, staff_id)
    );
    CREATE INDEX people_by_assignment ON people USING gin (assignments jsonb_path_ops);
    CREATE INDEX people_unsettled ON people (tenant_id) WHERE settled_revision < revision;
    ALTER TABLE staff ADD COLUMN assignments jsonb, ADD COLUMN person_revision bigint;
    CREATE INDEX staff_by_person ON staff (tenant_id, staff_id);
  `,
};
