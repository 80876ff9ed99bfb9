/**
 * What a key types on a US keyboard, by its position (`KeyboardEvent.code`, W3C UI Events KeyboardEvent code Values).
 * Scanners act as keyboards, as they leave the factory as US ones; on a computer with another layout `key` is then wrong
 * (a French PC takes the digit row for `àé"'`), and the position still tells what the scanner meant.
 */

const plain = {
  Space: ' ',
  Minus: '-',
  Equal: '=',
  BracketLeft: '[',
  BracketRight: ']',
  Backslash: '\\',
  Semicolon: ';',
  Quote: "'",
  Backquote: '`',
  Comma: ',',
  Period: '.',
  Slash: '/',
  NumpadSubtract: '-',
  NumpadAdd: '+',
  NumpadMultiply: '*',
  NumpadDivide: '/',
  NumpadDecimal: '.',
} as const;

const shifted = {
  Minus: '_',
  Equal: '+',
  BracketLeft: '{',
  BracketRight: '}',
  Backslash: '|',
  Semicolon: ':',
  Quote: '"',
  Backquote: '~',
  Comma: '<',
  Period: '>',
  Slash: '?',
} as const;

const shiftedDigits = ')!@#$%^&*(';

const lookUp = (table: Readonly<Record<string, string>>, code: string): string | undefined =>
  Object.hasOwn(table, code) ? table[code] : undefined;

/** The character, or null where the position is not known or types none. */
export const onUsKeyboard = (code: string, shift: boolean): string | null => {
  const letter = /^Key([A-Z])$/.exec(code)?.[1];
  if (letter !== undefined) return shift ? letter : letter.toLowerCase();
  const digit = digitAt(code);
  if (digit !== null)
    return shift && code.startsWith('Digit') ? (shiftedDigits[Number(digit)] ?? null) : digit;
  return (shift ? lookUp(shifted, code) : undefined) ?? lookUp(plain, code) ?? null;
};

/** The digit that is printed on the key at this position on every layout, of the row or of the number pad; else null. */
export const digitAt = (code: string): string | null => /^(?:Digit|Numpad)(\d)$/.exec(code)?.[1] ?? null;
