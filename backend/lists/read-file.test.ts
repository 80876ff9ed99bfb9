/** Files as they come, honest and other. */
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { zipOf } from '#support/zip.ts';
import { createListReader } from './read-file.ts';
import { writeWorkbook } from './workbook.ts';
import { beyondBounds } from './zip-bounds.ts';

const read = createListReader();
const problemOf = async (bytes: Uint8Array, as: 'csv' | 'xlsx' = 'xlsx'): Promise<unknown> => {
  const result = await read({ as, bytes });
  return result.ok ? result.value : result.error.params['problem'];
};
const text = (given: string): Uint8Array => new TextEncoder().encode(given);
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const packages = 'http://schemas.openxmlformats.org/package/2006';
/** The least that is a workbook. */
const parts = {
  '[Content_Types].xml': text(
    `<Types xmlns="${packages}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/a.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`,
  ),
  '_rels/.rels': text(
    `<Relationships xmlns="${packages}/relationships"><Relationship Id="a" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  ),
  'xl/workbook.xml': text(
    `<workbook xmlns="${main}" xmlns:r="${office}"><sheets><sheet name="A" sheetId="1" r:id="a"/></sheets></workbook>`,
  ),
  'xl/_rels/workbook.xml.rels': text(
    `<Relationships xmlns="${packages}/relationships"><Relationship Id="a" Type="${office}/worksheet" Target="a.xml"/></Relationships>`,
  ),
};
const sheet = (data: string): Uint8Array =>
  text(`<worksheet xmlns="${main}"><sheetData>${data}</sheetData></worksheet>`);
const workbook = (data: string): Buffer => zipOf({ ...parts, 'xl/a.xml': sheet(data) });

test('cells are told apart as the workbook has them', async () => {
  const data = [
    '<c r="A1" t="inlineStr"><is><t xml:space="preserve"> a </t></is></c><c r="B1"><v>5.1E+6</v></c>',
    '<c r="C1" t="b"><v>1</v></c><c r="D1" t="e"><v>#N/A</v></c><c r="E1"><f>1+1</f><v>2</v></c><c r="F1"><f>1+1</f></c>',
  ].join('');
  expect(await problemOf(workbook(`<row r="3">${data}</row>`.replace(/(r="[A-F])1/g, '$13')))).toEqual([
    {
      line: 3,
      cells: [
        { kind: 'text', text: ' a ' },
        { kind: 'number', value: 5_100_000, format: expect.any(String) as string },
        { kind: 'truth', value: true },
        { kind: 'text', text: '#N/A' },
        { kind: 'number', value: 2, format: expect.any(String) as string },
        { kind: 'text', text: '#VALUE!' },
      ],
    },
  ]);
});

test('what a workbook was written of is read of it', async () => {
  const rows = [
    ['Serial number', 'Name'],
    ['0000051e00000005', ' =1+1 '],
    ['00417', '_x0041_ _x005f_x0041_'],
  ];
  expect(await problemOf(await writeWorkbook('locks', rows))).toMatchObject([
    { line: 1, cells: [{ text: 'Serial number' }, { text: 'Name' }] },
    { line: 2, cells: [{ text: '0000051e00000005' }, { text: ' =1+1 ' }] },
    { line: 3, cells: [{ kind: 'text', text: '00417' }, { text: '_x0041_ _x005f_x0041_' }] },
  ]);
});

test('a date by its type, as strict workbooks have it, is one, with and without a time', async () => {
  const cells = ['2026-03-29', '2026-03-29T00:00:00', '2026-03-29T00:00:00.000Z', '2026-03-29T12:30:00']
    .map((iso, at) => `<c r="${'ABCD'.charAt(at)}1" t="d"><v>${iso}</v></c>`)
    .join('');
  expect(await problemOf(workbook(`<row r="1">${cells}</row>`))).toEqual([
    {
      line: 1,
      cells: [
        { kind: 'text', text: '2026-03-29' },
        { kind: 'date', day: '2026-03-29' },
        { kind: 'date', day: '2026-03-29' },
        { kind: 'date', day: null },
      ],
    },
  ]);
});

test('dates come as days, and a cell that was a number does not come as text', async () => {
  const file = await readFile(new URL('../../test/fixtures/lists/people-damaged.xlsx', import.meta.url));
  expect(await problemOf(file)).toMatchObject([
    { line: 1 },
    {
      cells: [
        { kind: 'number', value: 417 },
        { kind: 'text', text: 'Ines' },
        { kind: 'date', day: '2027-02-01' },
        { kind: 'date', day: '2027-01-02' },
      ],
    },
    {
      cells: [
        { value: 418 },
        { kind: 'date', day: '2026-03-05' },
        { day: '2027-02-01' },
        { text: '13/2/2027' },
      ],
    },
  ]);
});

test.each([
  ['an empty file', new Uint8Array(), 'csv', 'empty'],
  ['blank lines', text('\n \n,,\n'), 'csv', 'empty'],
  [
    'an 8-bit encoding of Windows',
    Buffer.from('Employee number,Name\n1,Zo\xEB\n', 'latin1'),
    'csv',
    'not_utf8',
  ],
  ['a workbook that is sent as CSV', workbook(''), 'csv', 'not_utf8'],
  ['text that is sent as a workbook', text('a,b\n'.repeat(20)), 'xlsx', 'not_a_workbook'],
  ['a ZIP file of something else', zipOf({ a: text('b') }), 'xlsx', 'not_a_workbook'],
  ['half of a workbook', workbook('').subarray(0, 700), 'xlsx', 'not_a_workbook'],
  ['more lines than a list has', text('a\n'.repeat(5002)), 'csv', 'too_many_lines'],
  ['a workbook of as many', workbook(`<row><c><v>1</v></c></row>`.repeat(5002)), 'xlsx', 'too_many_lines'],
  ['more cells', text(`${'a,'.repeat(50)}a`), 'csv', 'too_many_cells'],
] as const)('%s is refused', async (_what, bytes, as, problem) => {
  expect(await problemOf(bytes, as)).toBe(problem);
});

test('what unpacks to more than it may is not unpacked, whatever it claims', async () => {
  const bomb = { ...parts, 'xl/a.xml': sheet(' '.repeat(40_000_000)) };
  expect(zipOf(bomb).length).toBeLessThan(100_000);
  expect(await problemOf(zipOf(bomb))).toBe('too_large_unpacked');
  expect(await problemOf(zipOf(bomb, 100))).toBe('too_large_unpacked');
  expect(beyondBounds(zipOf({ a: text('ab'), b: text('cd') }), { entries: 9, bytes: 3 })).toBe(
    'too_large_unpacked',
  );
  expect(beyondBounds(zipOf({ a: text('ab'), b: text('cd') }), { entries: 1, bytes: 9 })).toBe(
    'too_large_unpacked',
  );
  expect(beyondBounds(zipOf({ a: text('ab'), b: text('cd') }), { entries: 2, bytes: 4 })).toBeNull();
});

test('a line or a cell far away that holds nothing but a format is passed over', async () => {
  const formatted = workbook(
    '<row r="1"><c r="A1"><v>1</v></c><c r="XFD1" s="0"/></row><row r="2"><c r="B2"><v>2</v></c></row>' +
      '<row r="1048575"><c r="A1048575" s="0"></c></row><row r="1048576" s="0" customFormat="1"/>',
  );
  expect(await problemOf(formatted)).toMatchObject([
    { line: 1, cells: [{ value: 1 }] },
    { line: 2, cells: [{ kind: 'text', text: '' }, { value: 2 }] },
  ]);
});

test('a few cells that span a million lines, or millions of empty lines, are seen before they are read', async () => {
  const corner = workbook(
    '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="R1048576"><v>1</v></c></row>',
  );
  const paramsOf = async (bytes: Uint8Array): Promise<unknown> => {
    const result = await read({ as: 'xlsx', bytes });
    return result.ok ? null : result.error.params;
  };
  expect(await paramsOf(corner)).toEqual({ problem: 'far_cell', line: 1, cell: 'R1048576' });
  const wide = workbook('<row r="1"><c r="AAA1" t="inlineStr"><is><t>x</t></is></c></row>');
  expect(await paramsOf(wide)).toEqual({ problem: 'far_cell', line: 1, cell: 'AAA1' });
  expect(await problemOf(workbook('<row/>'.repeat(600_000)))).toBe('too_large_unpacked');
}, 30_000);
