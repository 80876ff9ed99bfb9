/**
 * What a scan says: the serial number of a lock, whatever the scanner and the label wrap it in.
 *
 * Known wrappers: AIM symbology identifiers (ISO/IEC 15424: `]C1`), GS1 element strings with the serial number in (21), wherever it
 * stands, with or without parentheses, GS1 Digital Link and other web addresses, `SN:` and its relatives, the pairs of which Code 39
 * makes lower case, and separators between the digits.
 */
import { groupSeparator, readElements } from './gs1.ts';

/** Hexadecimal digits of a serial number. */
export const serialLength = 16;

export type Label =
  | { readonly kind: 'serial'; readonly serialNumber: string }
  /** An EAN-8, UPC-A, EAN-13 or GTIN-14, or what the scanner says is EAN or UPC: the barcode of something that is sold. */
  | { readonly kind: 'product' }
  /** `count` letters and digits were read. */
  | { readonly kind: 'unreadable'; readonly count: number };

const separators = /[\s\-:._]/g;

const asSerial = (text: string | null | undefined): string | null => {
  if (typeof text !== 'string') return null;
  const digits = text.replace(separators, '');
  return /^[0-9a-f]{16}$/.test(digits) ? digits : null;
};

/**
 * From the most to the least particular; each answers what could be a serial number in `text`, or nothing. What is no element string is over with
 * the first separator.
 */
const wrappers: readonly ((text: string, first: string) => readonly (string | null | undefined)[])[] = [
  (_text, first) => [first],
  (text) => [/^(?:\(\d{2,4}\)[^()]+)*?\(21\)([^()]+)/.exec(text)?.[1]?.split(groupSeparator)[0]],
  (text) => [readElements(text).serial],
  // A web address: the last of its path, or a value of its query.
  (_text, first) => (first.includes('/') ? first.split(/[/?#&=]/).reverse() : []),
  (_text, first) =>
    /^(?:serial(?:\s*(?:no|number))?|s\/?n|s)[\s.:#=-]*([^.:#=\s].*)$/.exec(first)?.slice(1) ?? [],
  // Code 39 has no lower case but as pairs, `+A`, which a reader that is not set to them tells as they are.
  (_text, first) => [first.replace(/\+([a-z])/g, '$1')],
];

const leadingSeparator = new RegExp(`^${groupSeparator}`);
/** Where the scanner says that it is GS1 (GS1 General Specifications, 7.8), or sends the FNC1 that a GS1 symbol begins with. */
const isSaidToBeGs1 = new RegExp(`^(?:\\](?:c1|e0|d2|q3|z1|j1)${groupSeparator}?|${groupSeparator})`);

/**
 * Where the scanner says that it is EAN or UPC, with what is printed beside it on books and papers. So a UPC-E is known: its eight digits end with the
 * check digit of the twelve that they stand for, and without the scanner's word a badge's number may look like them.
 */
const isSaidToBeRetail = /^\]e[0-4](?:\d{8}|\d{12,13}|\d{15}|\d{18})$/;

/** With the check digit of GS1 General Specifications, section 7.9: one in ten of other numbers of these lengths has it, too. */
const isGtin = (text: string): boolean => {
  if (!/^(?:\d{8}|\d{12,14})$/.test(text)) return false;
  const digits = Array.from(text, Number).reverse();
  return digits.reduce((sum, digit, at) => sum + digit * (at % 2 === 0 ? 1 : 3), 0) % 10 === 0;
};

/**
 * A GTIN behind its (01), by a scanner that does not say that it is GS1 (GS1 DataBar has nothing else in it): sixteen digits as well. One
 * in ten of the serial numbers that are digits alone and begin with 01 looks like it; such a lock is found by hand, or by a label that
 * says what it is.
 */
const isBareGtin = (text: string): boolean => {
  const [, gtin] = /^(?:01|\(01\))(\d{14})$/.exec(text.replace(separators, '')) ?? [];
  return gtin !== undefined && isGtin(gtin);
};

/** Reads a scan in any letter case. */
export const readLabel = (scan: string): Label => {
  const whole = scan.trim().toLowerCase();
  if (isSaidToBeRetail.test(whole)) return { kind: 'product' };
  const text = whole.replace(/^\][a-z][0-9a-z]/, '').replace(leadingSeparator, '');
  if (isSaidToBeGs1.test(whole)) {
    // A (01) alone has sixteen digits, too.
    const { serial, product } = readElements(text);
    if (serial === null && product !== null && isGtin(product)) return { kind: 'product' };
  }
  const [first = ''] = text.split(groupSeparator);
  if (isBareGtin(first)) return { kind: 'product' };
  for (const unwrap of wrappers) {
    const serialNumber = unwrap(text, first)
      .map(asSerial)
      .find((found) => found !== null);
    if (serialNumber !== undefined) return { kind: 'serial', serialNumber };
  }
  if (isGtin(first)) return { kind: 'product' };
  return { kind: 'unreadable', count: Array.from(first).filter((one) => /[\p{L}\p{N}]/u.test(one)).length };
};
