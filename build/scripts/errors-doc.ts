/** Writes `docs/errors.md` from the table of errors and the page's own words: `node build/scripts/errors-doc.ts`. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorsDocument } from './errors-document.ts';
import { projectRoot } from './tasks.ts';

writeFileSync(join(projectRoot, 'docs/errors.md'), errorsDocument());
