import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { errorsDocument } from './errors-document.ts';
import { projectRoot } from './tasks.ts';

it('docs/errors.md says what the program says', () => {
  expect(readFileSync(join(projectRoot, 'docs/errors.md'), 'utf8')).toBe(errorsDocument());
});
