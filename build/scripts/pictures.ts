/**
 * `npm run pictures`: takes the documents' pictures anew, as screenshots of the end-to-end test and of every screen. `-- --matrix [SCREEN]` looks at every
 * screen (or those whose names begin so) in all colours and sizes instead, and leaves pictures of what it finds.
 */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lookAtEverything } from '../../test/e2e/screens-matrix.ts';
import { takeScreens } from '../../test/e2e/screens-pictures.ts';
import { buildPages } from './build-pages.ts';
import { projectRoot, runStep } from './tasks.ts';

const [option, only] = process.argv.slice(2);
if (option !== undefined && option !== '--matrix') {
  console.error(`pictures: ${option} is no option of it; there is --matrix [SCREEN]`);
  process.exit(64);
}
await buildPages();
if (option === '--matrix') {
  const folder =
    process.env.LATCHPOINT_PICTURES ?? join(tmpdir(), `latchpoint-matrix-${process.getuid?.() ?? 0}`);
  process.exitCode = (await lookAtEverything(folder, only, (line) => console.log(line))) ? 0 : 1;
} else {
  const outcome = await runStep({
    name: 'pictures',
    program: 'vitest/vitest.mjs',
    args: ['run', '--project', 'e2e', 'test/e2e/store.test.ts'],
    env: { LATCHPOINT_PICTURES: join(projectRoot, 'docs', 'images') },
  });
  console.log(outcome.output);
  await takeScreens(join(projectRoot, 'docs', 'screens'));
  process.exitCode = outcome.ok ? 0 : 1;
}
