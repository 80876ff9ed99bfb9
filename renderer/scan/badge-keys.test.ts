/** A badge reader that speaks US, on computers of other layouts, at 1 ms a key: what comes of it is what is on the badge. */
import { describe, expect, test } from 'vitest';
import { badgeNumberOf } from '#shared/badges/badge-number.ts';
import { brokenSilenceMs, createScanKeys, type Scan } from './scan-keys.ts';

/** What each layout makes of the positions of a US reader; upper case where Shift is held. */
const layouts = {
  US: { digits: '0123456789', letters: 'abcdefghijklmnopqrstuvwxyz' },
  French: { digits: 'à&é"\'(-è_ç', letters: 'qbcdefghijkl,noparstuvzxyw' },
  German: { digits: '0123456789', letters: 'abcdefghijklmnopqrstuvwxzy' },
} as const;
type Layout = keyof typeof layouts;

interface Key {
  readonly key: string;
  readonly code: string;
  readonly shift: boolean;
}
const keysOf = (text: string, { digits, letters }: (typeof layouts)[Layout]): Key[] =>
  Array.from(text, (character): Key => {
    const digit = /\d/.test(character) ? Number(character) : -1;
    if (digit >= 0) return { key: digits[digit] ?? '', code: `Digit${character}`, shift: false };
    if (character === ';' || character === '?')
      return { key: character, code: character === ';' ? 'Semicolon' : 'Slash', shift: character === '?' };
    const shift = character !== character.toLowerCase();
    const key = letters[character.toLowerCase().charCodeAt(0) - 97] ?? '';
    return { key: shift ? key.toUpperCase() : key, code: `Key${character.toUpperCase()}`, shift };
  });

const read = (keys: readonly Key[], gapMs: number, suffix: 'Enter' | 'Tab' | null, waits = true) => {
  let now = 1_000;
  let timer: { readonly at: number; readonly task: () => void } | null = null;
  const scans: Scan[] = [];
  const typed: string[] = [];
  const scanner = createScanKeys({
    after: (ms, task) => {
      timer = { at: now + ms, task };
      return () => (timer = null);
    },
    waitsForBadge: () => waits,
    isWhole: () => false,
    onScan: (scan) => scans.push(scan),
    onClaim: () => undefined,
    onTyped: (presses) => typed.push(...presses.map(({ key }) => key)),
  });
  const pass = (ms: number): void => {
    now += ms;
    const due = timer;
    if (due && due.at <= now) {
      timer = null;
      due.task();
    }
  };
  for (const key of keys) {
    pass(gapMs);
    scanner.press({ ...key, at: now });
  }
  pass(gapMs);
  if (suffix) scanner.press({ key: suffix, code: suffix, shift: false, at: now });
  pass(brokenSilenceMs);
  return { numbers: scans.map(({ byPlace }) => badgeNumberOf(byPlace)), typed: typed.join('') };
};

const badges = [
  '0012345678',
  '04A1B2C3',
  '04a1b2c3d4e5f6',
  '90210',
  ';4711000123?',
  'EMP00471199',
  'FACADE1',
];

describe.each(Object.keys(layouts) as Layout[])('on a %s layout', (layout) => {
  test.each(badges)('%s is read as it is', (badge) => {
    for (const suffix of ['Enter', 'Tab', null] as const)
      for (const gapMs of [1, 8, 25])
        expect(read(keysOf(badge, layouts[layout]), gapMs, suffix)).toEqual({
          numbers: [badgeNumberOf(badge)],
          typed: '',
        });
  });
});

test('digits behind Shift, as a French reader on a French computer types them, are the same', () => {
  const keys = keysOf('0012345678', layouts.US).map((key) => ({ ...key, shift: true }));
  expect(read(keys, 1, 'Enter').numbers).toEqual(['0012345678']);
});

test.each([
  ['a name, however fast a program types it', 'Lindqvist', 1],
  ['digits of a person in a hurry', '12345678', 60],
])('%s is no badge', (_what, text, gapMs) => {
  expect(read(keysOf(text, layouts.US), gapMs, null)).toEqual({ numbers: [], typed: text });
});

test('where a PIN is typed, what is as short as a PIN is one', () => {
  expect(read(keysOf('12345678', layouts.US), 1, null, false)).toEqual({ numbers: [], typed: '12345678' });
});
