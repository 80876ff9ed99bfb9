import { expect, test } from 'vitest';
import { weaknessOf } from './weak-pin.ts';

const thisYear = 2026;
const each = (text: string): string[] => text.split(' ');

test.each([
  ['one digit repeated', each('0000 1111 999999 88888888')],
  ['a run of digits', each('1234 4321 654321 0123 7890 0987 890123 2468 8642 13579 12345678')],
  ['one part repeated', each('123123 12121 121212 12341234 4747 47474')],
  ['each digit twice', each('1122 7733 112233 11227744')],
  ['the same read backwards', each('2772 123321 12344321')],
  [
    'a date or a year',
    each('3112 1231 2902 1906 2026 241203 122403 031224 198411 111984 24121984 12241984 19841224'),
  ],
  ['one of those chosen most', each('2580 159753 147258 789456 14725836')],
])('%s is refused: %j', (problem, pins) => {
  for (const pin of pins) expect([pin, weaknessOf(pin, 4, thisYear)]).toEqual([pin, problem]);
});

test('what is shorter than the store wants is refused, whatever it is', () => {
  expect(weaknessOf('58204', 6, thisYear)).toBe('shorter than 6 digits');
  expect(weaknessOf('58204', 5, thisYear)).toBeNull();
});

test('no more is refused than that: no day, no month or no year of these makes no date', () => {
  for (const pin of each('582047 583920 73920164 5820 3213 6047 1899 2027 324713 24121899 24122027')) {
    expect([pin, weaknessOf(pin, 4, thisYear)]).toEqual([pin, null]);
  }
});

test('of six-digit PINs no more than one in eight is refused', () => {
  const pins = Array.from({ length: 1000 }, (_, index) => String(index * 997).padStart(6, '0'));
  expect(pins.filter((pin) => weaknessOf(pin, 6, thisYear) !== null).length).toBeLessThan(125);
});
