/** The first sheet of a workbook (XLSX) that is not hidden, as rows of cells, and rows as a workbook. The library is asked here alone. */
import { readXlsx, writeXlsx } from 'hucre/xlsx';
import type { Cell, Row } from '#shared/lists/cells.ts';
import { workbookOf, type WrittenRow } from '#shared/lists/written.ts';
import { listLimits, type FileProblem } from './limits.ts';
import { beyondBounds, type Look } from './zip-bounds.ts';

export type ReadRows =
  | { readonly ok: true; readonly rows: readonly Row[] }
  | { readonly ok: false; readonly problem: FileProblem; readonly line: number; readonly cell?: string };

const refused = (problem: FileProblem, line = 1): ReadRows => ({ ok: false, problem, line });

const dayMs = 86_400_000;
const dayOf = (date: Date): string | null =>
  date.getTime() % dayMs === 0 ? date.toISOString().slice(0, 10) : null;

/** A cell of type d: the library tells its text (findings/hucre-iso-dates.sh). Without a time of day it is read as any typed day is. */
const isoTime = /^(\d{4}-\d\d-\d\d)T\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?Z?$/;
const midnight = /T00:00(?::00(?:[.,]0+)?)?Z?$/;
const textCellOf = (text: string): Cell => {
  const day = isoTime.exec(text)?.[1];
  if (day === undefined) return { kind: 'text', text };
  return { kind: 'date', day: midnight.test(text) ? day : null };
};

/** Far beyond what a list may have, and little enough that the library has room for all that lies between. */
const most = { line: 50_000, column: 'CV', parts: 500_000 } as const;
const part = /<(?:\w+:)?(?:row|c|si)\b/g;
const cell = /<(?:\w+:)?c\b([^>]*)>(\s*<\/)?/g;
const place = /\br=["'](([A-Z]+)(\d+))["']/;
const isBeyond = (column: string, line: string): boolean =>
  column.length > most.column.length ||
  (column.length === most.column.length && column > most.column) ||
  Number(line) > most.line;

/**
 * The library makes room for every cell between the first and the last: two of them can be millions of lines apart. A thread that runs out
 * of memory may take the process along, so it is asked for no more than `most`, and it is seen before whether anything stands beyond that.
 * Empty cells and lines may: spreadsheets write them where somebody has formatted a whole column or line.
 */
const lookBeyond = (found: (cell: string) => void): Look => {
  return (unpacked) => {
    const text = unpacked.toString('latin1');
    let parts = 0;
    while (part.test(text)) if ((parts += 1) > most.parts) break;
    part.lastIndex = 0;
    if (parts > most.parts) return 'too_large_unpacked';
    for (const [, attributes = '', end] of text.matchAll(cell)) {
      const [, name = '', column = '', line = ''] = place.exec(attributes) ?? [];
      const isEmpty = attributes.endsWith('/') || end !== undefined;
      if (isEmpty || !isBeyond(column, line)) continue;
      found(name);
      return 'far_cell';
    }
    return null;
  };
};

/** Looked at before the library has it, and unpacked within bounds. */
export const readWorkbook = async (bytes: Uint8Array): Promise<ReadRows> => {
  let far = '';
  const problem = beyondBounds(
    Buffer.from(bytes),
    { entries: 200, bytes: listLimits.unpackedBytes },
    lookBeyond((name) => (far = name)),
  );
  if (problem === 'far_cell') return { ok: false, problem, line: 1, cell: far };
  if (problem) return refused(problem);
  let sheet;
  try {
    // With styles: how a number is shown tells whether it was typed so.
    let isFound = false;
    const { sheets } = await readXlsx(bytes, {
      readStyles: true,
      range: `A1:${most.column}${most.line}`,
      sheets: ({ hidden, veryHidden }) => !isFound && !hidden && !veryHidden && (isFound = true),
    });
    [sheet] = sheets;
  } catch {
    return refused('not_a_workbook');
  }
  if (!sheet) return refused('not_a_workbook');
  const rows: Row[] = [];
  for (const [index, values] of sheet.rows.entries()) {
    const cells = values.map((value, column): Cell => {
      const cell = sheet.cells?.get(`${index},${column}`);
      // Of a formula that nobody has worked out yet nothing stands there.
      if (value === null) return { kind: 'text', text: cell?.formula === undefined ? '' : '#VALUE!' };
      if (typeof value === 'string') return textCellOf(value);
      if (typeof value === 'boolean') return { kind: 'truth', value };
      if (value instanceof Date) return { kind: 'date', day: dayOf(value) };
      return { kind: 'number', value, format: cell?.style?.numFmt ?? '' };
    });
    const line = index + 1;
    const used = cells.findLastIndex((cell) => cell.kind !== 'text' || cell.text.trim() !== '') + 1;
    if (used === 0) continue;
    if (used > listLimits.cellsOfRow) return refused('too_many_cells', line);
    if (rows.length >= listLimits.rows) return refused('too_many_lines', line);
    rows.push({ line, cells: cells.slice(0, used) });
  }
  return { ok: true, rows };
};

export const writeWorkbook = (name: string, rows: readonly WrittenRow[]): Promise<Uint8Array> =>
  writeXlsx(workbookOf(name, rows));
