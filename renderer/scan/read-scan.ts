/** What a scan says, taken as this computer's layout has it or, where that makes no sense, by the positions of its keys. */
import { readLabel, type Label } from './read-label.ts';
import type { Scan } from './scan-keys.ts';

export type Read =
  | Label
  /** What came is no label, and has characters that no label has: the scanner is set to another keyboard. */
  | { readonly kind: 'other_keyboard'; readonly count: number };

export const readScan = ({ byKey, byPosition }: Scan): Read => {
  const asTaken = readLabel(byKey);
  const asMeant = readLabel(byPosition);
  const sensible =
    [asTaken, asMeant].find(({ kind }) => kind === 'serial') ??
    [asTaken, asMeant].find(({ kind }) => kind === 'product');
  if (sensible) return sensible;
  const isForeign = /\P{ASCII}/u.test(byKey) && asMeant.kind === 'unreadable';
  return isForeign ? { kind: 'other_keyboard', count: asMeant.count } : asTaken;
};
