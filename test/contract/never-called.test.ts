/** What docs/security.md says the product never does is in none of its sources; and each test that a document names is there. */
import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const cwd = fileURLToPath(new URL('../../', import.meta.url));
const read = (file: string): string => readFileSync(`${cwd}${file}`, 'utf8');
const sources = globSync('{electron,renderer,backend,shared}/**/*.{ts,svelte}', { cwd }).filter(
  (file) => !file.endsWith('.test.ts'),
);
const all = globSync('{electron,renderer,backend,shared,build,test}/**/*.test.ts', { cwd });

test.each([
  ['opens another program', /\bopenExternal\b|\bopenPath\b/],
  ['writes a crash report or a dump', /\bcrashReporter\b|\bwriteHeapSnapshot\b|process\.report\b/],
  ['runs a text as code', /\beval\(|new Function\(|\bexecuteJavaScript\b/],
])('nothing %s', (_what, call) => {
  expect(sources.length).toBeGreaterThan(300);
  expect(sources.filter((file) => call.test(read(file)))).toEqual([]);
});

test('each test that a document names is there', () => {
  const named = globSync('{docs/**/*.md,*.md}', { cwd }).flatMap((page) =>
    [...read(page).matchAll(/[\w./-]+\.test\.ts/g)].map(([file]) => file),
  );
  expect(named.length).toBeGreaterThan(50);
  const missing = named.filter((file) =>
    file.includes('/')
      ? !all.some((each) => each.endsWith(file))
      : !all.some((each) => basename(each) === file),
  );
  expect(missing).toEqual([]);
});
