/** "What shows it" at the end of a page: each section, and each row of a table that promises something, has tests that are there. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { linkTable } from '#support/link-document.ts';
import { readPage } from '#support/shown-promises.ts';

const root = new URL('../../', import.meta.url);

/** Sections that promise nothing by themselves: where the code is, and what has a check of its own. */
const pages = {
  'link.md': { beside: 'electron/kiosk/link/', others: ['Layers', 'Worked example'] },
  'kiosk.md': { beside: 'electron/kiosk/', others: [] },
  'backend.md': { beside: 'test/integration/backend/', others: ['Tests'] },
  'rights.md': { beside: 'shared/rights/', others: ['Kiosks of 0.2'] },
  'radio.md': { beside: 'electron/kiosk/radio/', others: ['Shape', 'What opening a link costs', 'For IT'] },
} as const;

/** As it is written in its file: in quotes of any kind, whole. */
const holds = (source: string, name: string): boolean =>
  ["'", '"', '`'].some((quote) => source.includes(`${quote}${name}${quote}`));

describe.each(Object.entries(pages))('docs/%s', (file, { beside, others }) => {
  const { sections, shown } = readPage(file);
  const fileOf = (name: string): URL =>
    new URL(/^(backend|electron|renderer|shared|test)\//.test(name) ? name : `${beside}${name}`, root);

  test('each section has what shows it, and it is told in their order', () => {
    const named = [...new Set(shown.map(({ section }) => section))];
    expect(named).toEqual(sections.filter((section) => !(others as readonly string[]).includes(section)));
  });

  test.each(shown.map(({ section, words, tests }) => [section, words, tests] as const))(
    '%s: %s',
    (_section, _words, tests) => {
      expect(tests.length).toBeGreaterThan(0);
      for (const [name, title] of tests) {
        expect(existsSync(fileOf(name)), name).toBe(true);
        expect(holds(readFileSync(fileOf(name), 'utf8'), title), `${name}: ${title}`).toBe(true);
      }
    },
  );
});

test.each([
  ['The key of a registration', '### Capture proof'],
  ['Time', '| what is shown to a lock'],
  ['Attempts', '## Attempts'],
  ['What others can do', '## What others can do'],
])('each row of the table of docs/link.md that is told under “%s” has what shows it', (section, table) => {
  const words = readPage('link.md').shown.filter((item) => item.section === section);
  const rows = linkTable(table).map(([cell = '']) => cell.replaceAll('`', ''));
  expect(rows.length).toBeGreaterThan(3);
  expect(rows.filter((row) => !words.some((item) => row.startsWith(item.words)))).toEqual([]);
});
