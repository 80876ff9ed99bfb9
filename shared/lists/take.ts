/**
 * Cells as text, numbers of people and days. What a spreadsheet has changed on the way is told, and never guessed at: a number that
 * was text, zeros that are gone, a day in an order that two countries read differently.
 */
import { shownCell, type Cell } from './cells.ts';
import { refused, taken, type Taken } from './faults.ts';

/** Kinds of space that look like one and are none, and what has no width at all. */
const oddSpace = /[\u00A0\u2007\u202F\u200B\u2060\uFEFF\u00AD]/;
const plain = (text: string): string =>
  text
    .replace(/[\u00A0\u2007\u202F]/g, ' ')
    .replace(/[\u200B\u2060\uFEFF\u00AD]/g, '')
    .trim();
/** In the languages of the spreadsheets that people have; `###` is a column that was too narrow when it was copied. */
const spreadsheetError = /^#(?:N\/A|N\/D|NV|[A-ZÄÖÜ¡¿/0-9]{2,}[!?]|#{2,})$/;
/** As spreadsheets show a long number; digits around an `e` alone may be anything. */
const scientific = /^[+-]?\d+(?:[.,]\d+)?E[+-]\d+$|^[+-]?\d+[.,]\d+E\d+$/i;
/** Digits that a number of a spreadsheet holds. */
const heldDigits = 15;

const takeString = (given: string): Taken<string> => {
  const text = given.trim();
  if (spreadsheetError.test(text)) return refused('spreadsheet_error', 'is an error of the spreadsheet');
  return oddSpace.test(text)
    ? refused('odd_space', 'holds a space that is no ordinary one', plain(text))
    : taken(text);
};

const asWritten = 'Format the column as text and type it again';

/** A number as it was typed, where that can be told: whole, short, and shown as it is or filled up with zeros. */
const takeNumber = (value: number, format: string): Taken<string> => {
  const isWhole = Number.isSafeInteger(value) && value >= 0;
  const zeros = /^0{2,40}$/.exec(format)?.[0].length ?? 0;
  const isPlain = format === '' || format === '@' || format === '0' || zeros > 0 || /^general$/i.test(format);
  if (isWhole && isPlain && value < 1e11) return taken(String(value).padStart(zeros, '0'));
  return refused('became_number', `has become a number, ${value}. ${asWritten}`);
};

/** Text, trimmed; empty where nothing stands there. */
export const takeText = (cell: Cell | undefined): Taken<string> => {
  switch (cell?.kind) {
    case undefined:
      return taken('');
    case 'text':
      return takeString(cell.text);
    case 'number':
      return takeNumber(cell.value, cell.format);
    case 'date':
      return refused('became_date', `has become a date, ${shownCell(cell)}. ${asWritten}`);
    case 'truth':
      return refused('became_truth', `has become a truth value. ${asWritten}`, String(cell.value));
  }
};

/** What stands for somebody or something, digit by digit. */
export const takeNumberOf = (cell: Cell | undefined): Taken<string> => {
  const text = takeText(cell);
  if (!text.ok) return text;
  if (scientific.test(text.value))
    return refused('became_number', `has become a number in scientific form. ${asWritten}`);
  return /^\d{16,}$/.test(text.value) && /^0+$/.test(text.value.slice(heldDigits))
    ? refused('lost_digits', `ends in zeros where a spreadsheet loses digits. ${asWritten}`)
    : text;
};

const dayMs = 86_400_000;
/** Of the count that spreadsheets keep days by: 1954 to 2119. */
const dayNumbers = { from: 20_000, until: 80_000 };
const dayOfNumber = (count: number): string =>
  new Date(Date.UTC(1899, 11, 30) + count * dayMs).toISOString().slice(0, 10);

const isoDay = (year: string, month: string, day: string): string | null => {
  const [y, m, d] = [year.length === 2 ? `20${year}` : year, month.padStart(2, '0'), day.padStart(2, '0')];
  const text = `${y}-${m}-${d}`;
  const time = Date.parse(`${text}T00:00:00Z`);
  return Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== text ? null : text;
};

/** The days that it may mean, the more usual order of the world first. */
const meantBy = (text: string): readonly string[] => {
  const parts = text.split(/[./\s-]+/).filter((part) => part !== '');
  const [a = '', b = '', c = ''] = parts;
  if (parts.length !== 3 || !parts.every((part) => /^\d{1,4}$/.test(part))) return [];
  const days = a.length === 4 ? [isoDay(a, b, c)] : [isoDay(c, b, a), isoDay(c, a, b)];
  return [...new Set(days.filter((day) => day !== null))];
};

const isIsoDay = (text: string): boolean => {
  const [, year = '', month = '', day = ''] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text) ?? [];
  return isoDay(year, month, day) === text;
};

/** A year of two digits is one of this century up to 29, and from 30 on one of the last, in all spreadsheets. */
const firstTwoDigitYear = 1930;
const earliestDay = dayOfNumber(dayNumbers.from);

/** A day that a list may have: not one of 1930 that was typed for 2030, nor a count of hours, which begins in 1899. */
const takeRecent = (day: string): Taken<string> => {
  if (day >= earliestDay) return taken(day);
  const year = Number(day.slice(0, 4));
  return year < firstTwoDigitYear
    ? refused('not_taken', `is ${day}, long before anybody's. Write YYYY-MM-DD`)
    : refused(
        'two_digit_year',
        `is ${day}: spreadsheets take a year of two digits for one of the last century. Write YYYY-MM-DD`,
        `${year + 100}${day.slice(4)}`,
      );
};

/** A day, `YYYY-MM-DD`; empty where nothing stands there. */
export const takeDay = (cell: Cell | undefined): Taken<string> => {
  if (cell?.kind === 'date')
    return cell.day === null ? refused('not_taken', 'is a time of day, not a day') : takeRecent(cell.day);
  const count = cell?.kind === 'number' ? cell.value : NaN;
  const text = cell?.kind === 'number' ? taken(String(count)) : takeText(cell);
  if (!text.ok || text.value === '') return text;
  if (isIsoDay(text.value)) return takeRecent(text.value);
  if (/^\d{5}$/.test(text.value)) {
    const day = Number(text.value);
    if (day >= dayNumbers.from && day < dayNumbers.until)
      return refused('day_number', 'is a day as spreadsheets count them. Write YYYY-MM-DD', dayOfNumber(day));
  }
  const meant = meantBy(text.value);
  if (meant.length === 0) return refused('not_taken', 'is no day. Write YYYY-MM-DD');
  return refused(
    'regional_date',
    meant.length > 1
      ? `is ${meant.join(' or ')}, as the country has it. Write YYYY-MM-DD`
      : 'is a day in another form. Write YYYY-MM-DD',
    meant.join(' or '),
  );
};
