/** The columns of a list by their headers, in the languages that the page speaks, as people write them. */
import type { Language } from '../models/language.ts';
import { isEmptyCell, shownCell, type Cell, type Row } from './cells.ts';
import { cellFault, type CellFault } from './faults.ts';

export interface Column {
  /** As the list is written in each language. */
  readonly headers: Readonly<Record<Language, string>>;
  /** What else people call it. */
  readonly also: readonly string[];
}

/** Letters and digits alone, without accents: as headers are compared. */
const headerKey = (text: string): string =>
  text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');

export interface FaultAt extends CellFault {
  readonly line: number;
  /** The header as it stands in the list; where there is none, the letter by which spreadsheets call the column. */
  readonly column: string;
  /** What stands there; null where it is nobody’s business, or nothing. */
  readonly given: string | null;
}

export interface Line<N extends string> {
  readonly line: number;
  cell(column: N): Cell | undefined;
}

export interface ReadList<N extends string> {
  readonly lines: readonly Line<N>[];
  readonly faults: readonly FaultAt[];
  has(column: N): boolean;
  header(column: N): string;
}

const letterOf = (index: number): string =>
  `${index >= 26 ? String.fromCharCode(64 + Math.floor(index / 26)) : ''}${String.fromCharCode(65 + (index % 26))}`;

/** The first row that is not empty has the headers. */
export const readColumns = <N extends string>(
  rows: readonly Row[],
  columns: Readonly<Record<N, Column>>,
): ReadList<N> => {
  const names = new Map<string, N>();
  for (const name of Object.keys(columns) as N[]) {
    const { headers, also } = columns[name];
    for (const text of [name, ...Object.values(headers), ...also]) names.set(headerKey(text), name);
  }
  const [head, ...rest] = rows;
  const places = new Map<N, number>();
  const headers = new Map<N, string>();
  const faults: FaultAt[] = [];
  const known = Object.values<Column>(columns).map((column) => column.headers.en);
  head?.cells.forEach((cell, index) => {
    if (isEmptyCell(cell)) return;
    const text = shownCell(cell).trim();
    const name = names.get(headerKey(text));
    const at = { line: head.line, column: letterOf(index), given: text };
    if (name === undefined)
      faults.push({
        ...at,
        ...cellFault('unknown_column', `is no column of this list; it has ${known.join(', ')}`),
      });
    else if (places.has(name))
      faults.push({ ...at, ...cellFault('column_twice', `is the column ${text} for the second time`) });
    else {
      places.set(name, index);
      headers.set(name, text);
    }
  });
  const width = head?.cells.length ?? 0;
  for (const { line, cells } of rest) {
    const beyond = cells.findIndex(
      (cell, index) => !isEmptyCell(cell) && (index >= width || isEmptyCell(head?.cells[index])),
    );
    const cell = cells[beyond];
    if (cell)
      faults.push({
        line,
        column: letterOf(beyond),
        given: shownCell(cell),
        ...cellFault(
          'too_many_cells',
          'stands in a column without a header. Was there a separator in a cell before it?',
        ),
      });
  }
  return {
    faults,
    lines: rest.map(({ line, cells }) => ({
      line,
      cell: (column) => {
        const place = places.get(column);
        return place === undefined ? undefined : cells[place];
      },
    })),
    has: (column) => places.has(column),
    header: (column) => headers.get(column) ?? columns[column].headers.en,
  };
};
