/**
 * Comma-separated values as RFC 4180 has them, and as spreadsheets write them: with `;` or a tab between, with `sep=` before, and text
 * that has to stay text as `="0042"`.
 */
import { textCell, type Row } from './cells.ts';
import { writtenText, type Written, type WrittenRow } from './written.ts';

export type CsvProblem = 'open_quote' | 'text_after_quote' | 'too_many_lines' | 'too_many_cells';
export type CsvRead =
  | { readonly ok: true; readonly rows: readonly Row[] }
  | { readonly ok: false; readonly problem: CsvProblem; readonly line: number };

export interface CsvLimits {
  readonly rows: number;
  readonly cellsOfRow: number;
}

const separators = [',', ';', '\t'] as const;

/** What stands most often in the first row, outside quotes; a comma where nothing does. */
const separatorOf = (text: string): string => {
  const counts = new Map<string, number>();
  let isQuoted = false;
  for (const character of text) {
    if (character === '"') isQuoted = !isQuoted;
    else if (!isQuoted && (character === '\n' || character === '\r')) break;
    else if (!isQuoted) counts.set(character, (counts.get(character) ?? 0) + 1);
  }
  const countOf = (separator: string): number => counts.get(separator) ?? 0;
  return separators.reduce((most, each) => (countOf(each) > countOf(most) ? each : most));
};

const asText = /^="((?:[^"]|"")*)"$/;
/** What spreadsheets take for a formula, a number, a date or a truth value. */
const isTakenForAnother =
  /^[\s=+\-@.,\d]|^(?:true|false|vrai|faux|wahr|falsch|verdadero|falso)$|^(?:jan|ene|feb|f[eé]v|m[aä]r|a[pbv]r|ma[iy]|ju[nil]|a[ug]o|aoû|aug|sep|o[ck]t|nov|d[eé][cz]|dic)\p{L}*[\s./-]*\d+$/iu;

/** Text as a cell has it: a formula that says it, where a spreadsheet would make something else of it. */
const guarded = (text: string): string =>
  isTakenForAnother.test(text) || asText.test(text) ? `="${text.replaceAll('"', '""')}"` : text;
const unguarded = (text: string): string => asText.exec(text)?.[1]?.replaceAll('""', '"') ?? text;

/** Blank lines are passed over. */
export const readCsv = (given: string, limits: CsvLimits): CsvRead => {
  const head = /^sep=(.)(?:\r\n|\n|\r)/.exec(given);
  const separator = head?.[1] ?? separatorOf(given);
  const rows: Row[] = [];
  let at = head?.[0].length ?? 0;
  let line = head ? 2 : 1;
  const breakAt = (from: number): number =>
    given[from] === '\r' && given[from + 1] === '\n'
      ? 2
      : given[from] === '\n' || given[from] === '\r'
        ? 1
        : 0;
  while (at < given.length) {
    const row: string[] = [];
    const begun = line;
    for (;;) {
      let text = '';
      if (given[at] === '"') {
        const opened = line;
        at += 1;
        for (;;) {
          const character = given[at];
          if (character === undefined) return { ok: false, problem: 'open_quote', line: opened };
          if (character === '"' && given[at + 1] !== '"') break;
          if (breakAt(at) > 0 && !(character === '\r' && given[at + 1] === '\n')) line += 1;
          text += character;
          at += character === '"' ? 2 : 1;
        }
        at += 1;
        if (at < given.length && given[at] !== separator && breakAt(at) === 0)
          return { ok: false, problem: 'text_after_quote', line };
      } else {
        const from = at;
        // A formula that says text may hold the separator.
        const formula = given.startsWith('="', at) ? /="(?:[^"\r\n]|"")*"/y : null;
        if (formula) {
          formula.lastIndex = at;
          at += formula.exec(given)?.[0].length ?? 0;
        }
        while (at < given.length && given[at] !== separator && breakAt(at) === 0) at += 1;
        text = given.slice(from, at);
      }
      row.push(unguarded(text));
      if (row.length > limits.cellsOfRow) return { ok: false, problem: 'too_many_cells', line };
      if (given[at] !== separator) break;
      at += 1;
    }
    at += breakAt(at);
    line += 1;
    if (row.every((text) => text.trim() === '')) continue;
    if (rows.length >= limits.rows) return { ok: false, problem: 'too_many_lines', line: begun };
    rows.push({ line: begun, cells: row.map(textCell) });
  }
  return { ok: true, rows };
};

const quoted = (text: string): string =>
  /[",;\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

const writtenCell = (cell: Written): string =>
  typeof cell === 'string' ? quoted(guarded(cell)) : writtenText(cell);

/** With a byte order mark, by which spreadsheets know UTF-8; what comes out goes in again as it was. */
export const writeCsv = (rows: readonly WrittenRow[]): string =>
  `\uFEFF${rows.map((row) => `${row.map(writtenCell).join(',')}\r\n`).join('')}`;
