import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { readLabel } from './read-label.ts';
import { readScan } from './read-scan.ts';
import { brokenSilenceMs, createScanKeys, silenceMs, type Press, type Scan } from './scan-keys.ts';

const serial = '0000051a00000105';

/** Keys at the times that a test gives them. */
const keyboard = (waiting = false) => {
  let now = 1_000;
  let timer: { readonly at: number; readonly task: () => void } | null = null;
  const scans: Scan[] = [];
  const typed: string[] = [];
  let claims = 0;
  const keys = createScanKeys({
    after: (ms, task) => {
      timer = { at: now + ms, task };
      return () => (timer = null);
    },
    waitsForBadge: () => waiting,
    isWhole: (scan) => readScan(scan).kind === 'serial',
    onScan: (scan) => scans.push(scan),
    onClaim: () => (claims += 1),
    onTyped: (presses) => typed.push(...presses.map(({ key }) => key)),
  });
  const wait = (ms: number): void => {
    now += ms;
    if (timer && timer.at <= now) {
      const { task } = timer;
      timer = null;
      task();
    }
  };
  const press = (one: Partial<Press> & { readonly key: string }, gapMs: number) => {
    wait(gapMs);
    return keys.press({ code: '', shift: false, ...one, at: now });
  };
  const type = (text: string, gapMs: number) => Array.from(text).map((key) => press({ key }, gapMs));
  return { keys, scans, typed, wait, press, type, claims: () => claims };
};

describe('a scan', () => {
  test.each([
    ['Enter', 1],
    ['Tab', 12],
    ['Enter', 30],
  ])('ended by %s, a key each %i ms, is one thing, and its suffix does nothing else', (suffix, gapMs) => {
    const { type, press, scans, typed, claims } = keyboard();
    const verdicts = type(serial, gapMs);
    expect(press({ key: suffix }, gapMs)).toBe('suffix');
    expect(scans.map(({ byKey }) => byKey)).toEqual([serial]);
    expect([verdicts[0], verdicts.at(-1), claims()]).toEqual(['held', 'claimed', 1]);
    expect(typed).toEqual([]);
  });

  it('without a suffix ends by silence', () => {
    const { type, wait, scans } = keyboard();
    type(serial, 5);
    wait(silenceMs);
    expect(scans).toHaveLength(1);
  });

  it('has a suffix also where that comes late; the next Enter is a person’s', () => {
    const { type, wait, press, scans } = keyboard();
    type(serial, 5);
    wait(silenceMs);
    expect(press({ key: 'Enter' }, 100)).toBe('suffix');
    expect(press({ key: 'Enter' }, 100)).toBe('passed');
    expect(scans).toHaveLength(1);
  });

  it('is one thing also where a busy computer stutters, and a broken one is waited for a little longer', () => {
    const { type, wait, scans } = keyboard();
    type(serial.slice(0, 5), 4);
    type(serial.slice(5, 8), 110);
    type('', 0);
    expect(scans).toEqual([]);
    type(serial.slice(8), 4);
    wait(silenceMs);
    expect(scans.map(({ byKey }) => byKey)).toEqual([serial]);
    type(serial.slice(0, 15), 4);
    wait(brokenSilenceMs - 1);
    expect(scans).toHaveLength(1);
    wait(1);
    expect(scans).toHaveLength(2);
  });

  it('does not swallow the next one, however it went', () => {
    const { type, press, scans } = keyboard();
    for (const label of ['0000051a0000010', serial, '4006381333931', serial]) {
      type(label, 3);
      press({ key: 'Enter' }, 3);
      type('', 400);
    }
    expect(scans.map((scan) => readScan(scan).kind)).toEqual(['unreadable', 'serial', 'product', 'serial']);
  });
});

describe('nothing of a scan is typed', () => {
  it('by a key that is no character’s in the middle of it', () => {
    for (let at = 9; at < serial.length; at++) {
      const { keys, type, press, scans, typed } = keyboard();
      type(serial.slice(0, at), 4);
      keys.interrupt();
      type(serial.slice(at), 4);
      expect(press({ key: 'Enter' }, 4)).toBe('suffix');
      expect(scans.map(({ byKey }) => byKey)).toEqual([serial]);
      expect(typed).toEqual([]);
    }
  });

  it.each([512, 513, 515, 520, 2_000])('of %i characters: it is one, and no label', (length) => {
    const { type, press, scans, typed } = keyboard();
    const verdicts = type('7'.repeat(length), 2);
    expect(press({ key: 'Enter' }, 2)).toBe('suffix');
    expect(new Set(verdicts.slice(8))).toEqual(new Set(['claimed']));
    expect(scans.map((scan) => readScan(scan).kind)).toEqual(['unreadable']);
    expect(typed).toEqual([]);
  });

  it.each([
    ['Enter', 'Enter'],
    ['Tab', 'Enter'],
  ])('where its suffix is %s and %s, as after a carriage return and a line feed', (first, second) => {
    const { type, press, scans } = keyboard();
    type(serial, 5);
    expect([press({ key: first }, 5), press({ key: second }, 30)]).toEqual(['suffix', 'suffix']);
    expect(press({ key: 'Enter' }, 60)).toBe('passed');
    expect(scans).toHaveLength(1);
  });
});

describe('a person', () => {
  test.each([
    ['a PIN, quickly', '246813', 70],
    ['a name', 'spirits cabinet 12', 90],
    ['a serial number', serial, 60],
    ['a PIN that a program types', '73920164', 1],
  ])('who types %s is no scanner', (_what, text, gapMs) => {
    const { type, press, scans, typed } = keyboard();
    type(text, gapMs);
    expect(press({ key: 'Enter' }, gapMs)).toBe('passed');
    expect(scans).toEqual([]);
    expect(typed.join('')).toBe(text.replaceAll(' ', gapMs > 50 ? '' : ' '));
  });

  it('whatever is typed, nothing is lost or doubled: it is typed, a scan, or passed', () => {
    const presses = fc.array(
      fc.record({
        key: fc.constantFrom('0', '5', 'a', 'x', ' ', 'Enter', 'Tab'),
        gap: fc.constantFrom(1, 20, 49, 51, 79, 81, 400),
      }),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(presses, (list) => {
        const { press, wait, scans, typed } = keyboard();
        let passedSpaces = 0;
        for (const { key, gap } of list)
          if (press({ key }, gap) === 'passed' && key === ' ') passedSpaces += 1;
        wait(2_000);
        const characters = list.filter(({ key }) => key.length === 1).length;
        const scanned = scans.reduce((sum, { byKey }) => sum + byKey.length, 0);
        expect(typed.length + scanned + passedSpaces).toBe(characters);
      }),
    );
  });
});

/** Each key of a scan as a browser tells it: what the computer takes it for, and where it sits. Add a row for a layout that was met. */
const french = Object.fromEntries(Array.from('à&é"\'(-è_ç', (key, digit) => [String(digit), key]));
const czech = Object.fromEntries(Array.from('é+ěščřžýáí', (key, digit) => [String(digit), key]));
const layouts: readonly (readonly [
  scanner: string,
  computer: string,
  press: (digit: string) => Omit<Press, 'at'>,
])[] = [
  ['a US scanner', 'a US computer', (one) => ({ key: one, ...at(one) })],
  ['a US scanner', 'a French computer', (one) => ({ key: { ...french, a: 'q' }[one] ?? one, ...at(one) })],
  ['a US scanner', 'a Czech computer', (one) => ({ key: czech[one] ?? one, ...at(one) })],
  [
    'a US scanner in capitals',
    'a French computer',
    (one) => ({ key: { ...french, a: 'Q' }[one] ?? one, ...at(one), shift: one === 'a' }),
  ],
  [
    'a French scanner',
    'a French computer, whose digits need Shift',
    (one) =>
      one === 'a' ? { key: 'a', code: 'KeyQ', shift: false } : { key: one, code: `Digit${one}`, shift: true },
  ],
  [
    'a scanner that types on the number pad',
    'any computer',
    (one) => ({
      key: one,
      code: /\d/.test(one) ? `Numpad${one}` : `Key${one.toUpperCase()}`,
      shift: false,
    }),
  ],
  ['a keyboard that tells no positions', 'any computer', (one) => ({ key: one, code: '', shift: false })],
];
const at = (one: string): { readonly code: string; readonly shift: boolean } => ({
  code: /\d/.test(one) ? `Digit${one}` : `Key${one.toUpperCase()}`,
  shift: false,
});

test.each(layouts)('%s on %s', (_scanner, _computer, pressOf) => {
  const { press, scans } = keyboard();
  for (const one of serial) press(pressOf(one), 4);
  press({ key: 'Enter' }, 4);
  expect(scans.map(readScan)).toEqual([readLabel(serial)]);
});

it('a symbology identifier and an address survive a German computer', () => {
  const { press, scans } = keyboard();
  const german: Readonly<Record<string, readonly [key: string, code: string, shift: boolean]>> = {
    '(': [')', 'Digit9', true],
    ')': ['=', 'Digit0', true],
  };
  for (const one of `(21)${serial}`) {
    const [key, code, shift] = german[one] ?? [one, at(one).code, false];
    press({ key, code, shift }, 4);
  }
  press({ key: 'Enter' }, 4);
  expect(scans.map(readScan)).toEqual([readLabel(serial)]);
});
