/** The documents are read in an editor, too: no line runs out of it, and each decision says in its title what was decided. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const longestLine = 300;

const docs = fileURLToPath(new URL('../../docs/', import.meta.url));
const documents = readdirSync(docs, { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.md'),
);
const linesOf = (file: string): string[] => readFileSync(docs + file, 'utf8').split('\n');

test.each(documents)('no line of docs/%s is longer than an editor shows', (file) => {
  const long = linesOf(file).flatMap((line, index) => (line.length > longestLine ? [index + 1] : []));
  expect(long).toEqual([]);
});

test('each decision has its number and a title of its own', () => {
  const decisions = documents.filter((file) => /^adr\W/.test(file));
  expect(decisions.length).toBeGreaterThan(20);
  for (const file of decisions) {
    const [title = ''] = linesOf(file);
    expect(title, file).toMatch(/^# \d{4} [A-Z].*[^.]$/);
    expect(file.slice('adr/'.length)).toContain(title.slice(2, 6));
  }
});
