import type { Migration } from './migration.ts';

/** What operators did: `subject` holds ids and nothing else, `outcome` is `done` or the code of the error. */
export const operatorActs: Migration = {
  number: 13,
  name: 'operator acts',
  sql: `
    CREATE TABLE operator_acts (
      tenant_id uuid NOT NULL,
      act_id uuid NOT NULL,
      number bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
      at bigint NOT NULL,
      operator text NOT NULL,
      act text NOT NULL,
      subject jsonb NOT NULL,
      outcome text NOT NULL,
      PRIMARY KEY (tenant_id, act_id)
    );
    CREATE UNIQUE INDEX operator_acts_by_number ON operator_acts (tenant_id, number);
  `,
};
