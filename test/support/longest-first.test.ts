import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { projectRoot } from '../../build/scripts/tasks.ts';
import { longest, placeOf } from './longest-first.ts';

it('names files that there are', () => {
  expect(longest.filter((path) => !existsSync(join(projectRoot, path)))).toEqual([]);
});

it('has those that take the longest begin before all others', () => {
  const [other, first, second] = [
    '/p/test/e2e/a.test.ts',
    '/p/test/e2e/screens-languages.test.ts',
    '/p/test/e2e/screens.test.ts',
  ] as const;
  expect([other, second, first].sort((a, b) => placeOf(a) - placeOf(b))).toEqual([first, second, other]);
});
