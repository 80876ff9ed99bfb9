/**
 * What a scan says: the serial number of a lock, whatever the scanner and the label wrap it in.
 *
 * Known wrappers: AIM symbology identifiers (ISO/IEC 15424: `]C1`), GS1 element strings with the serial number in (21), alone
 * or behind a (01) of 14 digits, with or without parentheses (GS1 General Specifications, section 3), GS1 Digital Link and
 * other web addresses, `SN:` and its relatives, and separators between the digits.
 */

/** Hexadecimal digits of a serial number. */
export const serialLength = 16;

export type Label =
  | { readonly kind: 'serial'; readonly serialNumber: string }
  /** An EAN-8, UPC-A, EAN-13 or GTIN-14: the barcode of something that is sold. */
  | { readonly kind: 'product' }
  /** `count` letters and digits were read. */
  | { readonly kind: 'unreadable'; readonly count: number };

const separators = /[\s\-:._]/g;
const groupSeparator = '\u001d';

const asSerial = (text: string): string | null => {
  const digits = text.replace(separators, '');
  return /^[0-9a-f]{16}$/.test(digits) ? digits : null;
};

/** From the most to the least particular; each answers what could be a serial number in `text`, or nothing. */
const wrappers: readonly ((text: string) => readonly string[])[] = [
  (text) => [text],
  // (21)… and 21…, perhaps behind (01) and a GTIN; what follows a group separator is another element.
  (text) => /^(?:\(01\)\d{14})?\(21\)([^()]+)/.exec(text)?.slice(1) ?? [],
  (text) => /^(?:01\d{14})?21(.+)$/.exec(text)?.slice(1) ?? [],
  // A web address: the last of its path, or a value of its query.
  (text) => (text.includes('/') ? text.split(/[/?#&=]/).reverse() : []),
  (text) => /^(?:serial(?:\s*(?:no|number))?|s\/?n|s)[\s.:#=-]*([^.:#=\s].*)$/.exec(text)?.slice(1) ?? [],
];

/** With the check digit of GS1 General Specifications, section 7.9: one in ten of other numbers of these lengths has it, too. */
const isGtin = (text: string): boolean => {
  if (!/^(?:\d{8}|\d{12,14})$/.test(text)) return false;
  const digits = Array.from(text, Number).reverse();
  return digits.reduce((sum, digit, at) => sum + digit * (at % 2 === 0 ? 1 : 3), 0) % 10 === 0;
};

/** Reads a scan in any letter case. */
export const readLabel = (scan: string): Label => {
  const whole = scan
    .trim()
    .toLowerCase()
    .replace(/^\][a-z][0-9a-z]/, '');
  // FNC1 comes as a group separator; it may begin a GS1 element string and ends an element within.
  const [text = ''] = whole.replace(new RegExp(`^${groupSeparator}`), '').split(groupSeparator);
  for (const unwrap of wrappers) {
    const serialNumber = unwrap(text)
      .map(asSerial)
      .find((found) => found !== null);
    if (serialNumber !== undefined) return { kind: 'serial', serialNumber };
  }
  if (isGtin(text)) return { kind: 'product' };
  return { kind: 'unreadable', count: Array.from(text).filter((one) => /[\p{L}\p{N}]/u.test(one)).length };
};
