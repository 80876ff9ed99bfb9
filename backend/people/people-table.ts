/** The table of people who are assigned, as Kysely sees it. */
import type { ColumnType, Generated } from 'kysely';
import type { Badges } from '#shared/badges/badge-number.ts';
import type { PinAtRest } from '../keys/pins-at-rest.ts';
import type { LanguageColumn } from '../store/language-column.ts';
import type { Assignment } from './assignments.ts';

export interface PeopleTable {
  tenant_id: string;
  staff_id: string;
  name: string;
  pin: ColumnType<PinAtRest, string, string>;
  duress_pin: ColumnType<PinAtRest | null, string | null | undefined, string | null>;
  badges: ColumnType<Badges | null, string | null | undefined, string | null>;
  badges_blocked_at: ColumnType<number | null, number | null | undefined, number | null>;
  employee_number: ColumnType<string | null, string | null | undefined, string | null>;
  language: LanguageColumn;
  assignments: ColumnType<Assignment[], string, string>;
  /** One more with each change. */
  revision: number;
  /** Every store has what they are as of this one; below zero: a backend of the release before has changed a store's row of them. */
  settled_revision: Generated<number>;
  /** Something was taken from them that a store may not know yet: it follows before others do. */
  takes_away: Generated<boolean>;
  /** Erased: nothing is left of them here, and the row goes once no store has one of them. */
  gone: Generated<boolean>;
}
