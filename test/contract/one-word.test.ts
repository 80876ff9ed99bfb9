/** Rule 3 of docs/architecture.md: what two files of the product export by one name is one thing. */
import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const cwd = fileURLToPath(new URL('../../', import.meta.url));

/** One thing each, in two parts that may not import each other, with the reason why it stands twice. */
const standTwice: Readonly<Record<string, string>> = {
  Certificate:
    'the backend reads certificates apart from the link: what one takes by mistake, the other does not',
  readCertificate: 'the reader of it, for the same reason',
  pageDir: 'the two hosts are bundled each on its own, and know no path of the other',
  radioEntry: 'likewise',
  writeWorkbook: 'the backend has its library at hand, the kiosk begins it where somebody wants a workbook',
};

/** The files that export each name, as they write it themselves: a re-export is none. */
const exportersOf = (files: readonly string[], read: (file: string) => string): Map<string, Set<string>> => {
  const exporters = new Map<string, Set<string>>();
  for (const file of files) {
    const written = read(file).matchAll(
      /^ *export (?:declare |abstract |async )*(?:const|let|function\*?|class|interface|type|enum) (\w+)/gm,
    );
    for (const [, name = ''] of written) exporters.set(name, (exporters.get(name) ?? new Set()).add(file));
  }
  return exporters;
};

const doublesIn = (files: readonly string[], read: (file: string) => string): string[] =>
  [...exportersOf(files, read)]
    .filter(([, by]) => by.size > 1)
    .map(([name, by]) => `${name}: ${[...by].toSorted().join(', ')}`)
    .toSorted();

const product = globSync('{backend,build,electron,renderer,shared}/**/*.{ts,svelte}', { cwd }).filter(
  (file) => !/\.test\.ts$|node_modules/.test(file),
);
const doubles = doublesIn(product, (file) => readFileSync(`${cwd}${file}`, 'utf8'));
const nameOf = (double: string): string => double.slice(0, double.indexOf(':'));

test('no name that is exported means two things', () => {
  expect(product.length).toBeGreaterThan(800);
  expect(doubles.filter((double) => !(nameOf(double) in standTwice))).toEqual([]);
});

test('what stands twice for a reason still does, and is not much', () => {
  expect(doubles.map(nameOf).toSorted()).toEqual(Object.keys(standTwice).toSorted());
  expect(doubles.length).toBeLessThanOrEqual(5);
});

test('a name in two files is found with both, a type beside its value in one and a re-export are not', () => {
  const files: Readonly<Record<string, string>> = {
    'a.ts':
      'export const piece = 1;\nexport type Part = string;\nexport const Part = 2;\nexport interface Whole {}\n',
    'b.ts': "export { piece } from './a.ts';\nconst Part = 3;\nexport abstract class Whole {}\n",
    'c.svelte': '<script module lang="ts">\n  export interface Whole {}\n</script>\n',
  };
  expect(doublesIn(Object.keys(files), (file) => files[file] ?? '')).toEqual(['Whole: a.ts, b.ts, c.svelte']);
});
