/**
 * What spreadsheets make of text that looks like a number or a day: `12E5` becomes 1.2E+06, `10.50` becomes 10.5, `1-2` a day. Nothing is
 * turned back here: it is told what a cell may have been, of what is known.
 */
import { shownCell, type Cell } from './cells.ts';

/** Two numbers of a day, as far as they are told: the month, and what the other number may have been (the day, or the year's end). */
interface DayLike {
  readonly month: number;
  readonly others: readonly number[];
}

/** By the first three letters, or what makes them differ, in the languages of the page. */
const months: readonly RegExp[] = [
  /^(?:jan|ene)/,
  /^(?:feb|f[eé]v)/,
  /^(?:mar|m[aä]r|mrz)/,
  /^(?:apr|avr|abr)/,
  /^(?:ma[iy])/,
  /^(?:juin|jun)/,
  /^(?:juil|jul)/,
  /^(?:aug|ao[uû]|ago)/,
  /^(?:sep)/,
  /^(?:oct|okt)/,
  /^(?:nov)/,
  /^(?:d[eé][cz]|dic)/,
];
const monthNamed = (text: string): number => months.findIndex((month) => month.test(text.toLowerCase())) + 1;
const isMonth = (value: number): boolean => value >= 1 && value <= 12;
const shortYear = (year: number): number => year % 100;

/** All that a text may say as a day; none where it says none. */
const daysOf = (text: string): readonly DayLike[] => {
  const parts = text.trim().match(/\d+|\p{L}+/gu) ?? [];
  if (!/^[\d\p{L}][\d\p{L}\s./-]*$/u.test(text.trim()) || parts.length < 2 || parts.length > 3) return [];
  const numbers = parts.filter((part) => /^\d{1,4}$/.test(part)).map(Number);
  const [name, ...more] = parts.filter((part) => !/^\d/.test(part));
  if (numbers.length + (name === undefined ? 0 : 1) !== parts.length || more.length > 0) return [];
  if (name !== undefined) {
    const month = monthNamed(name);
    return month > 0 ? [{ month, others: numbers.map(shortYear) }] : [];
  }
  return numbers
    .filter(isMonth)
    .map((month) => ({ month, others: numbers.toSpliced(numbers.indexOf(month), 1).map(shortYear) }));
};

/** Of a cell that is a day, or a text that a spreadsheet shows for one: with a month's name, or with all three numbers. */
const shownDays = (cell: Cell): readonly DayLike[] => {
  if (cell.kind === 'date') return cell.day === null ? [] : shownDays({ kind: 'text', text: cell.day });
  if (cell.kind !== 'text') return [];
  const text = cell.text.trim();
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text) ?? [];
  if (year !== undefined) return [{ month: Number(month), others: [Number(day), shortYear(Number(year))] }];
  return /\p{L}/u.test(text) || /^\d{1,4}[./-]\d{1,2}[./-]\d{1,4}$/.test(text) ? daysOf(text) : [];
};

/** Whether a cell is a day, as spreadsheets show one that was typed as something else: `01-Feb`, `2026-02-01`. */
export const isShownDay = (cell: Cell): boolean => shownDays(cell).length > 0;

const asNumber = /^([+-]?)(\d*)(?:[.,](\d*))?(?:E([+-]?\d+))?$/i;
const grouped = /^\d{1,3}(?:[.,' ]\d{3})+$/;

/** What a spreadsheet would take a text for; with thousands that are grouped, either way. */
const valuesOf = (text: string): readonly number[] => {
  const [, sign = '', whole = '', part = '', power = '0'] = asNumber.exec(text) ?? [];
  const read = whole + part === '' ? [] : [Number(`${sign}${whole || '0'}.${part || '0'}e${power}`)];
  return [...read, ...(grouped.test(text) ? [Number(text.replace(/\D/g, ''))] : [])].filter(Number.isFinite);
};

/** Whether that is how a spreadsheet shows `value`: with the digits that it holds, or in scientific form with as many as it shows. */
const isShownAs = (value: number, shown: string): boolean => {
  const [, sign = '', whole = '', part = '', power] = asNumber.exec(shown) ?? [];
  if (whole + part === '') return false;
  const given = Number(`${sign}${whole || '0'}.${part || '0'}e${power ?? '0'}`);
  if (given === value) return true;
  if (power === undefined) return given === Number(value.toPrecision(15));
  return given === Number(value.toExponential(Math.min(100, whole.length + part.length - 1)));
};

/** Whether a spreadsheet that was given `original` may have made that cell of it, which says something else. */
export const mayHaveBeen = (original: string, cell: Cell): boolean => {
  const shown = shownCell(cell).trim();
  if (shown === original) return false;
  if (cell.kind !== 'date' && valuesOf(original).some((value) => isShownAs(value, shown))) return true;
  return daysOf(original).some((was) =>
    shownDays(cell).some(
      (is) => is.month === was.month && was.others.every((each) => is.others.includes(each)),
    ),
  );
};

/** Of what is known, as words; null: none of it. */
export const likelyAmong = (known: readonly string[], cell: Cell): string | null => {
  const likely = known.filter((original) => mayHaveBeen(original, cell));
  return likely.length === 0 ? null : likely.slice(0, 3).join(' or ');
};
