/** Serial numbers of a list. What a spreadsheet makes of them is told by the locks that are known. */
import { serialNumberSchema } from '../models/primitives.ts';
import { shownCell, type Cell } from './cells.ts';
import { refused, taken, type Taken } from './faults.ts';
import { takeText } from './take.ts';

const serialDigits = 16;
const withoutZeros = (text: string): string => text.replace(/^0+/, '');

/** Of a number as a spreadsheet shows it, with as many digits as it shows. */
const isShownAs = (serial: string, shown: string): boolean => {
  const value = Number(serial);
  if (!/^\d+(?:e\d+)?$/.test(serial) || !Number.isFinite(value)) return false;
  const [, whole = '', part = '', power] = /^(\d+)(?:[.,](\d+))?(?:E([+-]?\d+))?$/i.exec(shown) ?? [];
  if (whole === '') return false;
  const given = Number(`${whole}.${part === '' ? '0' : part}e${power ?? '0'}`);
  if (power === undefined) return given === Number(value.toPrecision(15)) || given === value;
  return given === Number(value.toExponential(whole.length + part.length - 1));
};

/** The one that is known and has become this; else what it was filled up with zeros. Null: not to be told. */
const likelyOf = (given: string, known: readonly string[]): string | null => {
  const lower = given.toLowerCase();
  const same = known.filter(
    (serial) => withoutZeros(serial) === withoutZeros(lower) || isShownAs(serial, given),
  );
  if (same.length > 0) return same.slice(0, 3).join(' or ');
  return /^[0-9a-f]{8,15}$/.test(lower) ? lower.padStart(serialDigits, '0') : null;
};

/** `known`: serial numbers of the store. */
export const takeSerial = (cell: Cell, known: ReadonlySet<string>): Taken<string> => {
  const serials = [...known];
  const asNumber = (shown: string): Taken<string> =>
    refused(
      'became_number',
      'has become a number. A serial number has 16 digits and letters from a to f: format the column as text and type it again',
      likelyOf(shown, serials),
    );
  if (cell.kind === 'number') return asNumber(String(cell.value));
  const read = takeText(cell);
  if (!read.ok) return read;
  const text = read.value.toLowerCase();
  if (known.has(text)) return taken(text);
  if (serialNumberSchema.safeParse(text).success) {
    const lost = /^\d{15}0$/.test(text) ? serials.filter((serial) => isShownAs(serial, text)) : [];
    return lost.length > 0
      ? refused(
          'lost_digits',
          'ends in a zero where a spreadsheet loses a digit',
          lost.slice(0, 3).join(' or '),
        )
      : refused('not_here', 'is no lock of this store');
  }
  if (/^[+-]?\d+(?:[.,]\d+)?E[+-]?\d+$/i.test(text) || /^\d+[.,]\d+$/.test(text))
    return asNumber(shownCell(cell).trim());
  if (/^[0-9a-f]{1,15}$/.test(text))
    return refused(
      'lost_zeros',
      `has ${text.length} digits; a serial number has ${serialDigits}. Zeros at its beginning are lost where it was taken for a number`,
      likelyOf(text, serials),
    );
  return refused('not_taken', 'is no serial number: it has 16 digits and letters from a to f');
};
