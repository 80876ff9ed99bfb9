/** `npm run format [-- FILE …]`: lets Prettier write, everything where no file is named. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readCommandLine } from './command-line.ts';
import { projectRoot } from './tasks.ts';

const files = readCommandLine('format', (args) => parseArgs({ args, allowPositionals: true }).positionals);
const prettier = join(projectRoot, 'node_modules/prettier/bin/prettier.cjs');
const { status } = spawnSync(
  process.execPath,
  [prettier, '--write', ...(files.length > 0 ? files : [projectRoot])],
  { stdio: 'inherit' },
);
process.exitCode = status ?? 1;
