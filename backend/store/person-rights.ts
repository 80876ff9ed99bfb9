/** What a person's row says besides their name and PIN. */
import type { ColumnType, Selectable } from 'kysely';
import type { StaffDocument } from '#shared/models/documents.ts';
import type { LanguageColumn } from './language-column.ts';

type Optional<T> = ColumnType<T | null, string | null | undefined, string | null>;

export interface PersonColumns {
  employee_number: Optional<string>;
  /** Null of who was there before there were roles: they may do everything. */
  roles: Optional<string[]>;
  /** Dates, `YYYY-MM-DD`. */
  valid_from: Optional<string>;
  valid_until: Optional<string>;
  language: LanguageColumn;
  /** Of who is assigned: those that reach the store. */
  assignments: ColumnType<StaffDocument['assignments'] | null, string | null | undefined, string | null>;
  /** As of which the row was made from what the person is (`people`); null: somebody of this store alone. */
  person_revision: ColumnType<number | null, number | null | undefined, number | null>;
}

type PersonFields = Pick<StaffDocument, 'employeeNumber' | 'roles' | 'from' | 'until' | 'assignments'>;

/** As the person's document has it; what is not set is left out. */
export const personFields = (
  row: Selectable<Omit<PersonColumns, 'language' | 'person_revision'>>,
): PersonFields => ({
  ...(row.employee_number === null ? {} : { employeeNumber: row.employee_number }),
  ...(row.roles === null ? {} : { roles: row.roles }),
  ...(row.valid_from === null ? {} : { from: row.valid_from }),
  ...(row.valid_until === null ? {} : { until: row.valid_until }),
  ...(row.assignments ? { assignments: row.assignments } : {}),
});
