import { expect, test } from 'vitest';
import type { Cell } from './cells.ts';
import { takeDay } from './take.ts';

const day = (text: string): Cell => ({ kind: 'date', day: text });
const text = (said: string): Cell => ({ kind: 'text', text: said });
const number = (value: number): Cell => ({ kind: 'number', value, format: '' });

test.each([
  [day('2030-12-31'), '2030-12-31'],
  [text('2030-12-31'), '2030-12-31'],
  [text(' 1968-05-01 '), '1968-05-01'],
  [day('1954-10-03'), '1954-10-03'],
  [day('9999-12-31'), '9999-12-31'],
  [text(''), ''],
  [undefined, ''],
])('%o is taken as %s', (cell, taken) => {
  expect(takeDay(cell)).toEqual({ ok: true, value: taken });
});

test.each([
  // Typed as 31.12.30, which every spreadsheet takes for 1930: that person would have left long ago.
  [day('1930-12-31'), 'two_digit_year', '2030-12-31'],
  [day('1932-02-29'), 'two_digit_year', '2032-02-29'],
  // Written out of such a workbook as a table of text.
  [text('1935-12-31'), 'two_digit_year', '2035-12-31'],
  [text('31.12.1930'), 'regional_date', '1930-12-31'],
  [text('31.12.30'), 'regional_date', '2030-12-31'],
  // 24 hours, shown as [h]:mm.
  [day('1900-01-01'), 'not_taken', null],
  [day('1899-12-30'), 'not_taken', null],
  [{ kind: 'date', day: null } as const, 'not_taken', null],
  [number(47_848), 'day_number', '2030-12-31'],
  [text('soon'), 'not_taken', null],
])('%o is refused with %s', (cell, code, likely) => {
  expect(takeDay(cell)).toMatchObject({ ok: false, fault: { code, likely } });
});
