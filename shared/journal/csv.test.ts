import { describe, expect, it } from 'vitest';
import { csvLine, csvStart, csvIdentifier, csvText } from './csv.ts';

/** As RFC 4180 has it: what a reader makes of one line. */
const cells = (line: string): string[] =>
  [...line.replace(/\r\n$/, '').matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
    ([, quoted, plain = '']) => quoted?.replaceAll('""', '"') ?? plain,
  );

describe('a cell', () => {
  it.each(['=cmd|calc', '+1', '-1', '@SUM(A1)', '\t=1', '\uff1d1', ' =1'])('%j is no formula', (name) => {
    expect(cells(csvText(name))).toEqual([`'${name}`]);
  });

  it.each([
    '0000051e00000005',
    '007',
    '1/2',
    '2026-03-04',
    'MAR1',
    '4 Mar',
    '1,5',
    '50%',
    '€5',
    '(7)',
    '9:30 am',
  ])('%j stays the text that it is', (text) => {
    expect(cells(csvText(text))).toEqual([`="${text}"`]);
  });

  it.each(['Spirits cabinet 2', 'O’Neil, "Shaq"', 'Zoë', 'PIN'])('%j is as it stands', (text) => {
    expect(cells(csvText(text))).toEqual([text]);
  });

  it('of a number that names something is text whatever it looks like', () => {
    expect(cells(csvIdentifier('0000051a00000005'))).toEqual(['="0000051a00000005"']);
    expect(cells(csvIdentifier('4"7'))).toEqual(['="4""7"']);
    expect([csvIdentifier(''), csvText(null)]).toEqual(['', '']);
  });
});

it('a line keeps commas, quotes and the order of its cells', () => {
  const line = csvLine([csvText('a, "b"'), csvIdentifier('07'), csvText('=1,2')]);
  expect(line.endsWith('\r\n')).toBe(true);
  expect(cells(line)).toEqual(['a, "b"', '="07"', "'=1,2"]);
  expect(csvStart).toBe('\ufeff');
});
