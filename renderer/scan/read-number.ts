/** What a scan says where a number is asked for that is no lock's: a receipt's, a case's. */
import type { Scan } from './scan-keys.ts';

/** Symbology identifier (ISO/IEC 15424), which a scanner may put before what it has read. */
const identifier = /^\][A-Za-z][0-9A-Za-z]/;
const groupSeparator = '\u001d';

const plain = (text: string): string => text.replace(identifier, '').replaceAll(groupSeparator, '').trim();

/**
 * As this computer's layout has it, or by the positions of the keys where only that makes a number: on some layouts the row of digits
 * types other signs. Empty where nothing of it is letters or digits.
 */
export const readNumber = ({ byKey, byPosition }: Scan): string => {
  const [asTaken, asMeant] = [plain(byKey), plain(byPosition)];
  const isNumber = (text: string): boolean => /^[\p{ASCII}]*\d[\p{ASCII}]*$/u.test(text);
  const read = isNumber(asTaken) && !(/^\d+$/.test(asMeant) && !/^\d+$/.test(asTaken)) ? asTaken : asMeant;
  return /[\p{L}\p{N}]/u.test(read) ? read : '';
};
