/** docs/data.md names a test for each situation: each of them has to be there, under that name. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const projectRoot = fileURLToPath(new URL('../../', import.meta.url));
const read = (file: string): string => readFileSync(join(projectRoot, file), 'utf8');
const page = read('docs/data.md');

/** The rows of the section's tables, without their heads. */
const situations = page
  .slice(page.indexOf('## Situations'), page.indexOf('## Files of released versions'))
  .split('\n')
  .filter((line) => line.startsWith('|') && !/^\| (situation|-)/.test(line))
  .map((line) => line.slice(1, -1).split(' | '));

const testsIn = (cell: string): readonly (readonly [file: string, name: string])[] =>
  [...cell.matchAll(/`([^`]+\.test\.ts)` “([^”]+)”/g)].map(([, file = '', name = '']) => [file, name]);

test('there are situations', () => {
  expect(situations.length).toBeGreaterThan(30);
});

test.each(situations.map(([situation = '', , cell = '']) => [situation.trim(), cell] as const))(
  '%s',
  (_, cell) => {
    const tests = testsIn(cell);
    expect(tests.length).toBeGreaterThan(0);
    for (const [file, name] of tests) {
      expect(existsSync(join(projectRoot, file)), file).toBe(true);
      expect(read(file), `${file}: ${name}`).toContain(name);
    }
  },
);
