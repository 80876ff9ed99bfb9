/** Tables of the documents as tests read them. */
import { readFileSync } from 'node:fs';

export const documentLines = (name: string): string[] =>
  readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8').split('\n');

/** The rows of the table whose first heading cells are `headings`, cell by cell. `name`: of the file in docs/. */
export const documentTable = (name: string, ...headings: readonly string[]): string[][] => {
  const lines = documentLines(name);
  const cellsOf = (line: string): string[] =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim());
  const first = lines.findIndex(
    (line) => line.startsWith('|') && headings.every((heading, at) => cellsOf(line)[at] === heading),
  );
  if (first < 0) throw new Error(`docs/${name} has no table of ${headings.join(', ')}`);
  const end = lines.findIndex((line, index) => index > first && !line.startsWith('|'));
  return lines.slice(first + 2, end).map(cellsOf);
};
