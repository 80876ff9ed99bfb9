/** Whom a line of a list means: by the employee number, or by the id that a list which was written here has. */
import type { Line, ReadList } from '#shared/lists/columns.ts';
import { shownCell } from '#shared/lists/cells.ts';
import { refused, taken, type Taken } from '#shared/lists/faults.ts';
import { isShownDay, likelyAmong } from '#shared/lists/spreadsheet-forms.ts';
import { takeNumberOf, takeText } from '#shared/lists/take.ts';
import type { PersonRow } from '../admin/person-details.ts';
import type { PeopleColumn } from './people-columns.ts';

export interface Meant {
  /** Null: somebody new. */
  readonly person: PersonRow | null;
  /** As the list has it; empty where it has none. */
  readonly employeeNumber: string;
}
export interface Mismatch {
  readonly column: PeopleColumn;
  readonly taken: Taken<never>;
}

const asText = 'Format the column as text and type it again';
const isZeroLed = (number: string): boolean => /^0\d+$/.test(number);
const withoutZeros = (number: string): string => number.replace(/^0+/, '');

/** A number that has lost the zeros at its beginning, by those that have theirs; null: that cannot be told. */
const lostZeros = (number: string, zeroLed: readonly string[]): string | null => {
  if (!/^[1-9]\d*$/.test(number) || zeroLed.length === 0) return null;
  const same = zeroLed.find((each) => withoutZeros(each) === number);
  if (same !== undefined) return same;
  const [width = 0, ...others] = new Set(zeroLed.map((each) => each.length));
  return others.length === 0 && number.length < width ? number.padStart(width, '0') : null;
};

/** Says whom each line means, or what is wrong with how it says it. */
export const createMatch = (
  list: ReadList<PeopleColumn>,
  held: readonly PersonRow[],
): ((line: Line<PeopleColumn>) => Meant | Mismatch) => {
  const byNumber = Map.groupBy(
    held.filter((row) => row.employee_number !== null),
    (row) => row.employee_number ?? '',
  );
  const byId = new Map(held.map((row) => [row.staff_id, row]));
  const inList = list.lines.flatMap((line) => {
    const cell = line.cell('employeeNumber');
    return cell?.kind === 'text' ? [cell.text.trim()] : [];
  });
  const known = [...byNumber.keys()];
  const zeroLed = [...new Set([...byNumber.keys(), ...inList])].filter(isZeroLed);

  const numberOf = (line: Line<PeopleColumn>): Taken<string> => {
    const cell = line.cell('employeeNumber');
    if (cell && byNumber.has(shownCell(cell))) return taken(shownCell(cell));
    const number = takeNumberOf(cell);
    if (number.ok && byNumber.has(number.value)) return number;
    const original = cell ? likelyAmong(known, cell) : null;
    if (!number.ok) {
      const { fault } = number;
      return { ok: false, fault: { ...fault, likely: original ?? fault.likely } };
    }
    if (cell && isShownDay(cell)) return refused('became_date', `has become a date. ${asText}`, original);
    // One that has lost its zeros alone is told as that.
    if (original !== null && !/^\d+$/.test(number.value))
      return refused('became_number', `has become a number. ${asText}`, original);
    const likely = lostZeros(number.value, zeroLed);
    return likely === null
      ? original === null
        ? number
        : refused('became_number', `has become a number. ${asText}`, original)
      : refused('lost_zeros', 'has lost the zeros at its beginning. Format the column as text', likely);
  };

  return (line) => {
    const number = numberOf(line);
    if (!number.ok) return { column: 'employeeNumber', taken: number };
    const employeeNumber = number.value;
    const id = takeText(line.cell('id'));
    if (!id.ok) return { column: 'id', taken: id };
    const named = byNumber.get(employeeNumber) ?? [];
    if (id.value !== '') {
      const person = byId.get(id.value.toLowerCase());
      if (!person) return { column: 'id', taken: refused('not_here', 'is the id of nobody in this store') };
      if (named.length > 0 && !named.includes(person))
        return { column: 'id', taken: refused('not_one', 'is not the id of whom the employee number names') };
      return { person, employeeNumber };
    }
    if (employeeNumber === '')
      return {
        column: 'employeeNumber',
        taken: refused('missing', 'is needed: people are told apart by it'),
      };
    if (named.length > 1)
      return {
        column: 'employeeNumber',
        taken: refused('not_one', 'is the number of several people. Name them by their ids'),
      };
    return { person: named[0] ?? null, employeeNumber };
  };
};
