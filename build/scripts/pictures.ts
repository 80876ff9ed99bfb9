/**
 * `npm run pictures`: takes the documents' pictures anew, as screenshots of the end-to-end test and of every screen. `-- --matrix [SCREEN]` looks at every
 * screen (or those whose names begin so) in all colours and sizes instead, and leaves pictures of what it finds.
 */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { lookAtEverything } from '../../test/e2e/screens-matrix.ts';
import { takeScreens } from '../../test/e2e/screens-pictures.ts';
import { buildPages } from './build-pages.ts';
import { readCommandLine } from './command-line.ts';
import { projectRoot, runStep } from './tasks.ts';

const { matrix, only } = readCommandLine('pictures', (args) => {
  const options = { matrix: { type: 'boolean', default: false } } as const;
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true });
  const [screen, ...others] = positionals;
  if (others.length > 0 || (screen !== undefined && !values.matrix))
    throw new Error(`One screen can be named, after --matrix: ${positionals.join(' ')}`);
  return { matrix: values.matrix, only: screen };
});
await buildPages();
if (matrix) {
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
