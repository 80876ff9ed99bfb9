/** docs/rights.md as tests read it: the store of its cases, its people, and each case. */
import { readFileSync } from 'node:fs';

const lines = readFileSync(new URL('../../docs/rights.md', import.meta.url), 'utf8').split('\n');

/** The rows of the table whose first heading cells are `headings`, cell by cell. */
export const rightsTable = (...headings: readonly string[]): string[][] => {
  const cellsOf = (line: string): string[] =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim());
  const first = lines.findIndex(
    (line) => line.startsWith('|') && headings.every((heading, at) => cellsOf(line)[at] === heading),
  );
  if (first < 0) throw new Error(`docs/rights.md has no table of ${headings.join(', ')}`);
  const end = lines.findIndex((line, index) => index > first && !line.startsWith('|'));
  return lines.slice(first + 2, end).map(cellsOf);
};

const fence = lines.indexOf('```json');

/** `rights` of the cases' store, as its document carries it. */
export const documentedRights: unknown = JSON.parse(
  lines.slice(fence + 1, lines.indexOf('```', fence)).join('\n'),
);
