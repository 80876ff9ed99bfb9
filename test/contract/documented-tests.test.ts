/** docs/data.md names a test for each situation, docs/security.md for each attacker: each of them has to be there, under that name. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
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

const security = read('docs/security.md');
const files = ['backend', 'build', 'electron', 'renderer', 'shared', 'test'].flatMap((folder) =>
  readdirSync(join(projectRoot, folder), { recursive: true, encoding: 'utf8' }).map(
    (file) => `/${folder}/${file}`,
  ),
);
const namesIn = (text: string): string[] =>
  [...text.matchAll(/`([\w/.-]+\.test\.ts)`/g)].map(([, name = '']) => name);

test('the tests that docs/security.md names are there', () => {
  const missing = namesIn(security).filter((name) => !files.some((file) => file.endsWith(`/${name}`)));
  expect(missing).toEqual([]);
});

test('each attacker of docs/security.md has a test that shows what holds', () => {
  const from = security.slice(security.indexOf('| attacker'));
  const rows = from.slice(0, from.indexOf('\n\n')).split('\n').slice(2);
  expect(rows.length).toBeGreaterThan(10);
  for (const row of rows) expect(namesIn(row.split(' | ').at(-1) ?? ''), row).not.toEqual([]);
});
