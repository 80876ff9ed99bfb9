import { expect, test } from 'vitest';
import { textCell, type Cell } from './cells.ts';
import { isShownDay, likelyAmong, mayHaveBeen } from './spreadsheet-forms.ts';

const number = (value: number): Cell => ({ kind: 'number', value, format: '' });
const date = (day: string): Cell => ({ kind: 'date', day });

test.each<[string, string | Cell]>([
  ['12E5', '1.2E+06'],
  ['12E5', '1,20E+06'],
  ['12E5', '1200000'],
  ['12E5', number(1_200_000)],
  ['10.50', '10.5'],
  ['10.50', '10,5'],
  ['10,50', number(10.5)],
  ['007', '7'],
  ['1.000', '1000'],
  ['12345678901234567', '1.23457E+16'],
  ['12345678901234567', '12345678901234600'],
  ['1-2', '1-Feb'],
  ['1-2', '02-Jan'],
  ['1-2', '2026-02-01'],
  ['1/2', '01.02.2026'],
  ['1/2', date('2026-01-02')],
  ['1.2', '01. Feb'],
  ['3-4-26', '03/04/2026'],
  ['MAR1', '01-Mar'],
  ['MAR1', 'Mrz 01'],
  ['Mar 2027', '2027-03-01'],
  ['12-45', 'Dec-45'],
  ['12-45', date('1945-12-01')],
])('%s may have become %j', (original, cell) => {
  expect(mayHaveBeen(original, typeof cell === 'string' ? textCell(cell) : cell)).toBe(true);
});

test.each<[string, string | Cell]>([
  ['12E5', '12E5'],
  ['12E5', '12E6'],
  ['A-12', '12'],
  ['10.50', '10.51'],
  ['417', '418'],
  ['1-2', '12'],
  ['1-2', '1-3'],
  ['1-2', '03-Jan'],
  ['1-2', date('2026-03-01')],
  ['Noor', '1-Feb'],
  ['', '0'],
  ['', ''],
])('%s has not become %j', (original, cell) => {
  expect(mayHaveBeen(original, typeof cell === 'string' ? textCell(cell) : cell)).toBe(false);
});

test('a day is told by its month’s name or by all three numbers, and by no less', () => {
  for (const text of ['1-Feb', 'Feb-27', '01. März', '2 janv.', '2026-02-01', '1/2/2026'])
    expect([text, isShownDay(textCell(text))]).toEqual([text, true]);
  for (const text of ['1-2', '12', 'A-12', 'Feb', '10.5', '1/13', 'Ines 2', '13-A-2'])
    expect([text, isShownDay(textCell(text))]).toEqual([text, false]);
});

test('of many that a cell may have been, three are told', () => {
  expect(likelyAmong(['10.5', '10.50', '10,500', '10.5000', '11'], number(10.5))).toBe(
    '10.50 or 10,500 or 10.5000',
  );
  expect(likelyAmong(['11'], number(10.5))).toBeNull();
});
