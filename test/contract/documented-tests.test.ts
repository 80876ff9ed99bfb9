/** docs/data.md names a test for each situation, docs/security.md for each attacker, docs/ui.md for each promise: they have to be there. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const projectRoot = fileURLToPath(new URL('../../', import.meta.url));
const read = (file: string): string => readFileSync(join(projectRoot, file), 'utf8');
const page = read('docs/data.md');

/** Each heading of the section's situations, with the lines below it. */
const situations = page
  .slice(page.indexOf('## Situations'), page.indexOf('## Contact'))
  .split(/^### .*$/m)
  .flatMap((part) => part.split(/^#### /m).slice(1))
  .map((part) => part.trim().split('\n'));

test('there are situations', () => {
  expect(situations.length).toBeGreaterThan(60);
});

test.each(situations.map(([situation = '', ...lines]) => [situation, lines] as const))('%s', (_, lines) => {
  const shownBy = lines.filter((line) => line.startsWith('- '));
  expect(shownBy).not.toEqual([]);
  for (const line of shownBy) {
    const [, file = '', name = ''] = /^- `([^`]+\.test\.ts)` “([^”]+)”$/.exec(line) ?? [];
    expect(existsSync(join(projectRoot, file)) && file, line).toMatch(/\.test\.ts$/);
    expect(read(file), line).toContain(name);
  }
});

const security = read('docs/security.md');
const files = ['backend', 'build', 'electron', 'renderer', 'shared', 'test'].flatMap((folder) =>
  readdirSync(join(projectRoot, folder), { recursive: true, encoding: 'utf8' }).map(
    (file) => `/${folder}/${file}`,
  ),
);
const namesIn = (text: string): string[] =>
  [...text.matchAll(/`([\w/.-]+\.test\.ts)`/g)].map(([, name = '']) => name);

test('each promise of docs/ui.md has a test that shows it', () => {
  const ui = read('docs/ui.md');
  const from = ui.slice(ui.indexOf('## What it promises'), ui.indexOf('## Measures'));
  const promises = from.split(/^- /m).slice(1);
  expect(promises.length).toBeGreaterThan(30);
  for (const promise of promises) {
    const [, shownBy = ''] = promise.split(/shown by/i);
    const names = namesIn(shownBy);
    expect(names, promise).not.toEqual([]);
    expect(
      names.filter((name) => !files.some((file) => file.endsWith(`/${name}`))),
      promise,
    ).toEqual([]);
  }
});

test('the tests that docs/security.md names are there', () => {
  const missing = namesIn(security).filter((name) => !files.some((file) => file.endsWith(`/${name}`)));
  expect(missing).toEqual([]);
});

test('each attacker of docs/security.md has a test that shows what holds', () => {
  const from = security.slice(security.indexOf('## Who attacks'), security.indexOf('## Custody'));
  const attackers = from.split(/^- \*\*/m).slice(1);
  expect(attackers.length).toBeGreaterThan(10);
  for (const attacker of attackers) {
    const [, shownBy = ''] = attacker.split('  - shown by ');
    expect(namesIn(shownBy), attacker).not.toEqual([]);
  }
});
