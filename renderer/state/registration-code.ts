/** A registration code while it is typed: four groups of four, without the characters that are easily confused. */
const length = 16;

const characters = (typed: string): string =>
  typed
    .toUpperCase()
    .replace(/[^A-HJ-NP-Z2-9]/g, '')
    .slice(0, length);

/** What was typed or pasted, in groups: "abcd efgh" becomes "ABCD-EFGH". */
export const groupCode = (typed: string): string => characters(typed).replace(/(.{4})(?=.)/g, '$1-');

/** How many characters a whole code still lacks. */
export const missingCharacters = (typed: string): number => length - characters(typed).length;
