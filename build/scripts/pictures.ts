/** `npm run pictures`: takes the documents' pictures anew, as screenshots of the end-to-end test. */
import { join } from 'node:path';
import { buildPages } from './build-pages.ts';
import { projectRoot, runStep } from './tasks.ts';

await buildPages();
const outcome = await runStep({
  name: 'pictures',
  program: 'vitest/vitest.mjs',
  args: ['run', '--project', 'e2e', 'test/e2e/store.test.ts'],
  env: { LATCHPOINT_PICTURES: join(projectRoot, 'docs', 'images') },
});
console.log(outcome.output);
process.exitCode = outcome.ok ? 0 : 1;
