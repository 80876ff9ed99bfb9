/** docs/link.md as tests read it: its tables, row by row, and what it says of each part that it is shown by. */
import { readFileSync } from 'node:fs';

export const linkLines: readonly string[] = readFileSync(
  new URL('../../docs/link.md', import.meta.url),
  'utf8',
).split('\n');

/** The rows of the first table after a line that begins with `words`, cell by cell. */
export const linkTable = (words: string): string[][] => {
  const start = linkLines.findIndex((line) => line.startsWith(words));
  if (start < 0) throw new Error(`docs/link.md has no line that begins with "${words}"`);
  const first = linkLines.findIndex((line, index) => index >= start && line.startsWith('|'));
  const end = linkLines.findIndex((line, index) => index > first && !line.startsWith('|'));
  return linkLines.slice(first + 2, end).map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  );
};
