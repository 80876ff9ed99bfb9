import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { projectRoot } from '../scripts/tasks.ts';
import { namesThatThrow, oneSentence } from './lean-schemas.ts';

const read = (file: string): string => readFileSync(join(projectRoot, 'node_modules/zod/v4', file), 'utf8');
const load = (source: string): Promise<Record<string, unknown>> =>
  import(`data:text/javascript,${encodeURIComponent(source)}`) as Promise<Record<string, unknown>>;

test.each(['to-json-schema', 'json-schema-processors'])(
  'what stands in for %s has all of its names, and says so when one is used',
  async (name) => {
    const stand = await load(namesThatThrow(read(`core/${name}.js`)));
    const real = (await import(join(projectRoot, `node_modules/zod/v4/core/${name}.js`))) as object;
    expect(Object.keys(stand).sort()).toEqual(Object.keys(real).sort());
    for (const one of Object.values(stand)) expect(one).toThrow('No JSON Schema in the page');
  },
);

test('a value is refused in one sentence, whatever was wrong', async () => {
  const { default: language } = await load(oneSentence(read('locales/en.js')));
  const { localeError } = (language as () => { localeError: () => string })();
  expect(localeError()).toBe('Invalid input');
});

test('a library that writes them in another way ends the build', () => {
  expect(() => namesThatThrow('export default () => 1;')).toThrow();
  expect(() => namesThatThrow('export const a = 1;\nexport * from "./b.js";')).toThrow();
  expect(() => namesThatThrow('export const a = 1;\nexport { b as c };')).toThrow();
  expect(() => oneSentence('export const error = () => "no";')).toThrow();
});
