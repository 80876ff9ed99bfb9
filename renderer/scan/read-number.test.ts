import { expect, test } from 'vitest';
import { readNumber } from './read-number.ts';

const same = (text: string) => ({ byKey: text, byPosition: text });

test.each([
  ['digits', same('4711000123'), '4711000123'],
  ['letters and digits', same('R-2026/0815'), 'R-2026/0815'],
  ['what a scanner puts before it', same(']C14711000123'), '4711000123'],
  ['a group separator behind it', same('4711000123\u001d'), '4711000123'],
  ['spaces around it', same(' 4711000123 '), '4711000123'],
  ['a French layout', { byKey: '(&éà"\'-è_ç', byPosition: '5120345678' }, '5120345678'],
  ['a German layout with letters', { byKey: 'RY4711000', byPosition: 'RZ4711000' }, 'RY4711000'],
  ['nothing of it', same(']C1 --'), ''],
])('%s', (_what, scan, number) => {
  expect(readNumber({ ...scan, byPlace: '' })).toBe(number);
});
