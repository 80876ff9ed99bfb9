import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { shownCell } from './cells.ts';
import { readCsv, writeCsv, type CsvRead } from './csv.ts';

const limits = { rows: 50, cellsOfRow: 10 };
const read = (text: string): CsvRead => readCsv(text, limits);
const rowsOf = (text: string): readonly (readonly [number, ...string[]])[] => {
  const got = read(text);
  if (!got.ok) throw new Error(got.problem);
  return got.rows.map(({ line, cells }) => [line, ...cells.map(shownCell)] as const);
};

describe('what is read', () => {
  test.each([
    [
      'commas',
      'a,b\r\nc,d\r\n',
      [
        [1, 'a', 'b'],
        [2, 'c', 'd'],
      ],
    ],
    [
      'semicolons, as Excel writes them in Europe',
      'a;b\r\nc, d;e',
      [
        [1, 'a', 'b'],
        [2, 'c, d', 'e'],
      ],
    ],
    [
      'tabs, as Excel’s Unicode text',
      'a\tb\nc\td',
      [
        [1, 'a', 'b'],
        [2, 'c', 'd'],
      ],
    ],
    ['a separator that is named before', 'sep=;\r\na;b,c,d\r\n', [[2, 'a', 'b,c,d']]],
    ['quotes, and quotes in them', '"a,b","say ""so"""\n', [[1, 'a,b', 'say "so"']]],
    [
      'a line break in quotes',
      'a,"b\r\nc"\r\nd,"e\nf"\ng',
      [
        [1, 'a', 'b\r\nc'],
        [3, 'd', 'e\nf'],
        [5, 'g'],
      ],
    ],
    [
      'lines that end as on an old Macintosh',
      'a,b\rc,d\r',
      [
        [1, 'a', 'b'],
        [2, 'c', 'd'],
      ],
    ],
    [
      'blank lines, which count',
      'a,b\n\n,\nc,d\n\n',
      [
        [1, 'a', 'b'],
        [4, 'c', 'd'],
      ],
    ],
    ['text that a formula says', '="0042",="a,b","=""007"""', [[1, '0042', 'a,b', '007']]],
    ['a quote within text', '4" nails,b', [[1, '4" nails', 'b']]],
    ['empty cells', ',b,\n', [[1, '', 'b', '']]],
    ['nothing', '', []],
  ] as const)('%s', (_what, text, rows) => expect(rowsOf(text)).toEqual(rows));

  test.each([
    ['a quote that is never closed', 'a,b\nc,"d\ne\n', 'open_quote', 2],
    ['text after a quoted cell', 'a\n"b" c,d', 'text_after_quote', 2],
    ['more lines than may be', 'a\n'.repeat(51), 'too_many_lines', 51],
    ['more cells than may be', `a\n${'b,'.repeat(10)}c`, 'too_many_cells', 2],
  ] as const)('%s is told with its line', (_what, text, problem, line) =>
    expect(read(text)).toEqual({ ok: false, problem, line }),
  );
});

test('what was written is read as it was, whatever it is', () => {
  const text = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom(
      '0000051e00000005',
      '00417',
      '=cmd|x',
      '="0042"',
      '+1',
      '-',
      '@a',
      'TRUE',
      ' a ',
      'a;b',
      '1/2',
    ),
    fc.string({ unit: fc.constantFrom('=', '"', ',', ';', '\t', '\n', '\r', 'a') }),
  );
  const rows = fc.integer({ min: 1, max: 6 }).chain((width) =>
    fc.array(
      // A row of blanks is no row.
      fc.array(text, { minLength: width, maxLength: width }).map((row) => ['x', ...row]),
      { maxLength: 20 },
    ),
  );
  fc.assert(
    fc.property(rows, (given) => {
      expect(rowsOf(writeCsv(given).slice(1)).map(([, ...cells]) => cells)).toEqual(given);
    }),
  );
});

test('what a spreadsheet would make something else of is written as text', () => {
  expect(writeCsv([['0000051e00000005', '=1+1', 'Ada', 'a"b', '-']])).toBe(
    '\uFEFF"=""0000051e00000005""","=""=1+1""",Ada,"a""b","=""-"""\r\n',
  );
});
