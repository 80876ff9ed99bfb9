/**
 * Text for spreadsheets (RFC 4180, with a byte order mark: without one Excel takes UTF-8 for the computer's old code page). A spreadsheet
 * reads meaning into text: `0000051e00000005` is a number to it, `MAR1` a day, `=cmd` a formula. `textCell` keeps each as it is.
 */
export const csvStart = '\ufeff';

/** What a spreadsheet takes for a formula, also in its wide forms; a tab or a line's end before it is passed over there. */
const formula = /^[\t\r\n ]*[=+\-@\uff1d\uff0b\uff0d\uff20]/;
/** What it takes for a number, a day, a time or a share: digits with little around them. */
const numeric =
  /^[\s(\p{Sc}.,]*\p{L}{0,9}[\s.\-/]*\d[\d\s.,:/+\-eE%)\p{Sc}]*([ap]\.?m\.?)?$|^\d{1,4}[\s.\-/]*\p{L}{3,9}\.?[\s.\-/]*\d{0,4}$/iu;

const quoted = (text: string): string =>
  /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

/** As text whatever it looks like: `="…"`, which Excel and LibreOffice read as just that text. */
export const csvIdentifier = (text: string): string =>
  text === '' ? '' : quoted(`="${text.replaceAll('"', '""')}"`);

/** A name, a word: a formula gets an apostrophe before it, what looks like a number is kept as text. */
export const csvText = (text: string | null): string => {
  if (text === null || text === '') return '';
  if (formula.test(text)) return quoted(`'${text}`);
  return numeric.test(text) ? csvIdentifier(text) : quoted(text);
};

export const csvLine = (cells: readonly string[]): string => `${cells.join(',')}\r\n`;
