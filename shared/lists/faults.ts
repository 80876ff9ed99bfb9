/** What is wrong with a cell of a list, in words that whoever made it can act on. */

export const faultCodes = [
  'missing',
  'not_taken',
  'unknown_column',
  'column_twice',
  'too_many_cells',
  'twice',
  'not_here',
  'not_one',
  'became_number',
  'lost_digits',
  'lost_zeros',
  'became_date',
  'day_number',
  'regional_date',
  'two_digit_year',
  'became_truth',
  'spreadsheet_error',
  'odd_space',
] as const;
export type FaultCode = (typeof faultCodes)[number];

export interface CellFault {
  readonly code: FaultCode;
  readonly words: string;
  /** What stood there before the spreadsheet changed it, as far as that can be told. For a person to judge: it is never taken. */
  readonly likely: string | null;
}

export const cellFault = (code: FaultCode, words: string, likely: string | null = null): CellFault => ({
  code,
  words,
  likely,
});

export type Taken<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly fault: CellFault };
export const taken = <T>(value: T): Taken<T> => ({ ok: true, value });
export const refused = (...[code, words, likely]: Parameters<typeof cellFault>): Taken<never> => ({
  ok: false,
  fault: cellFault(code, words, likely),
});
