import { expect, it } from 'vitest';
import type { Kept } from '../kiosk-core.ts';
import { compareKept, Lost } from './compare.ts';

const kinds: Readonly<Record<string, string>> = { i: 'signed_in', r: 'sign_in_refused', o: 'signed_out' };
const since = 7;

/** `i o? at11`: what the guest tells. */
const told = (short: string): string[] =>
  short
    .split(' ')
    .filter(Boolean)
    .map((each) => each.replace(/^at/, 'at ').replace(/^[iro]/, (letter) => kinds[letter] ?? letter));

/** Events 6 and 7 were there before; the last is that of whoever looks. */
const onDisk = (done: string): Kept => ({
  brokenAt: null,
  events: Array.from(`io${done}i`).map((letter, index) => ({
    sequence: since - 1 + index,
    kind: kinds[letter] ?? letter,
  })),
});
const compare = (short: string, done: string) => compareKept(told(short), onDisk(done), since);

it('what was acknowledged is there in its order, with one more at most', () => {
  expect(compare('i o r i', 'iori')).toEqual({ there: 4, counted: 4 });
  expect(compare('i o r i', 'iorio')).toEqual({ there: 5, counted: 4 });
  expect(compare('', '')).toEqual({ there: 0, counted: 0 });
  for (const done of ['ior', 'ioor', 'iiori', 'ioriio', 'oiri', ''])
    expect(() => compare('i o r i', done)).toThrow(Lost);
});

it('an answer that was late hides no loss behind it: after it counts what the kiosk said it was at', () => {
  const answers = 'i o i? o? i at12 o';
  expect(compare(answers, 'ioioio')).toEqual({ there: 6, counted: 3 });
  expect(compare(answers, 'ioioi')).toEqual({ there: 5, counted: 3 });
  for (const done of ['ioio', 'io', 'ooioio']) expect(() => compare(answers, done)).toThrow(Lost);
  // Neither of the two was done.
  expect(compare('i o i? o? i at10 o', 'ioio')).toEqual({ there: 4, counted: 3 });
  expect(() => compare('i o i? o? i at10 o', 'io')).toThrow(Lost);
});

it('of a life in which nobody heard the number, only what came before the late answer counts', () => {
  expect(compare('i o i? o? i o', 'ioioio')).toEqual({ there: 6, counted: 2 });
  expect(compare('i o i? o? i o', 'io')).toEqual({ there: 2, counted: 2 });
  expect(() => compare('i o i? o? i o', 'i')).toThrow(Lost);
});

it('nothing is there twice, however late answers were', () => {
  expect(() => compare('i? o?', 'ioio')).toThrow(Lost);
  expect(compare('i? o?', 'ioi')).toMatchObject({ there: 3 });
});

it('a gap in the numbers and a broken chain are losses', () => {
  const whole = onDisk('io');
  const gap = { ...whole, events: whole.events.filter(({ sequence }) => sequence !== since) };
  expect(() => compareKept(told('i o'), gap, since)).toThrow(Lost);
  expect(() => compareKept(told('i o'), { ...whole, brokenAt: since }, since)).toThrow(Lost);
});

it('is done at once, with ever so many late answers', () => {
  const many = 20_000;
  const began = performance.now();
  expect(() => compare(`i ${'i? '.repeat(many)} at${since + many + 2} o`, 'i'.repeat(many))).toThrow(Lost);
  expect(performance.now() - began).toBeLessThan(1_000);
});
