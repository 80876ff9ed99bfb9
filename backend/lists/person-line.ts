/** What a line of a list says of a person: which of it is other than it is. */
import type { z } from 'zod';
import { valueProblem } from '#shared/errors/value-problem.ts';
import { shownCell } from '#shared/lists/cells.ts';
import type { Line } from '#shared/lists/columns.ts';
import { refused, taken, type Taken } from '#shared/lists/faults.ts';
import { takeDay, takeText } from '#shared/lists/take.ts';
import { putStaffSchema } from '../admin/contract.ts';
import type { PutStaff } from '../admin/contract.ts';
import type { PersonRow } from '../admin/person-details.ts';
import {
  isNothing,
  languageNamed,
  noRoles,
  takenAway,
  writtenOf,
  type PeopleColumn,
} from './people-columns.ts';

type Said = Partial<Pick<PutStaff, 'name' | 'employeeNumber' | 'language' | 'roles' | 'from' | 'until'>>;
type SaidColumn = keyof Said & PeopleColumn;
export interface SaidOfPerson {
  readonly said: Said;
  readonly faults: readonly { readonly column: PeopleColumn; readonly taken: Taken<never> }[];
}

const checked = <T>(schema: z.ZodType<T>, value: unknown): Taken<T> => {
  const parsed = schema.safeParse(value, { error: valueProblem });
  return parsed.success
    ? taken(parsed.data)
    : refused('not_taken', parsed.error.issues[0]?.message ?? 'is not right');
};

const { shape } = putStaffSchema;
/** Text that is neither empty nor takes something away, as what it says. */
const readers: { readonly [C in SaidColumn]: (text: string) => Taken<Said[C]> } = {
  name: (text) => checked(shape.name, text),
  employeeNumber: (text) => checked(shape.employeeNumber, text),
  language: (text) => {
    const language = languageNamed(text);
    return language ? taken(language) : refused('not_taken', 'is no language of the page: en, fr, de or es');
  },
  roles: (text) =>
    text.toLowerCase() === noRoles
      ? taken([])
      : checked(
          shape.roles,
          text.split(/[\s,;|]+/).filter((role) => role !== ''),
        ),
  from: (text) => checked(shape.from, text),
  until: (text) => checked(shape.until, text),
};
const noName = refused('not_taken', 'is no name. An empty cell leaves the name as it is');
const saidColumns = Object.keys(readers) as SaidColumn[];

/** `held`: null of somebody new. What stands there as it is held is taken as it is, whatever it looks like. */
export const saidOfPerson = (line: Line<PeopleColumn>, held: PersonRow | null): SaidOfPerson => {
  const said: Said = {};
  const faults: { column: PeopleColumn; taken: Taken<never> }[] = [];
  const written = held && writtenOf(held);
  const read = (column: SaidColumn): void => {
    const cell = line.cell(column);
    if (!cell || (written && shownCell(cell) === written[column])) return;
    const text = column === 'from' || column === 'until' ? takeDay(cell) : takeText(cell);
    if (!text.ok) faults.push({ column, taken: text });
    else if (column === 'name' && isNothing(text.value)) faults.push({ column, taken: noName });
    else if (text.value === takenAway) Object.assign(said, { [column]: null });
    else if (text.value !== '') {
      const value = readers[column](text.value);
      if (value.ok) Object.assign(said, { [column]: value.value });
      else faults.push({ column, taken: value });
    }
  };
  for (const column of saidColumns) read(column);
  return { said, faults };
};
