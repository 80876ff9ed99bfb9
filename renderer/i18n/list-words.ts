/** "Priya R., Tom O. and Jo L.", as the language in use joins them. */
import { locale } from './translate.ts';

const formats = new Map<string, Intl.ListFormat>();

export const listWords = (names: readonly string[]): string => {
  // Most lists are of one, and to make a format takes longer than a tile.
  if (names.length < 2) return names[0] ?? '';
  const id = locale();
  const format = formats.get(id) ?? new Intl.ListFormat(id, { type: 'conjunction' });
  formats.set(id, format);
  return format.format(names);
};
