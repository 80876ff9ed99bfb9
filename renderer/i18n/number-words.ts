/** Numbers in the form of the language in use, where a message has them as words. */
import { locale } from './translate.ts';

const shapes = {
  // The clock of an attempt runs on: what is not over yet is not said.
  tenths: { minimumFractionDigits: 1, maximumFractionDigits: 1, useGrouping: false },
  percent: { style: 'percent', maximumFractionDigits: 0 },
} as const satisfies Readonly<Record<string, Intl.NumberFormatOptions>>;

const formats = new Map<string, Intl.NumberFormat>();

const format = (shape: keyof typeof shapes, value: number): string => {
  const id = `${locale()} ${shape}`;
  const known = formats.get(id) ?? new Intl.NumberFormat(locale(), shapes[shape]);
  formats.set(id, known);
  return known.format(value);
};

/** "1.2": seconds with tenths. Never ahead of the time itself. */
export const tenths = (ms: number): string => format('tenths', Math.floor(Math.max(0, ms) / 100) / 10);

/** "81%", with the language's own space. `percent`: 0 to 100. */
export const percentWords = (percent: number): string => format('percent', percent / 100);
