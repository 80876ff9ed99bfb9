/** The rules of the house, each held by a tool. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot, runSteps, seconds, type Step, type StepOutcome } from './tasks.ts';

const commits: Step = {
  name: 'commit messages (commitlint)',
  program: '@commitlint/cli/cli.js',
  args: ['--from', 'HEAD~20', '--to', 'HEAD'],
};

/** Commit messages can only be looked at where there is a history: a source archive has none. */
const hasHistory = existsSync(join(projectRoot, '.git'));

const checkSteps: readonly Step[] = [
  {
    name: 'lint (ESLint)',
    program: 'eslint/bin/eslint.js',
    args: ['.', '--max-warnings', '0', '--cache', '--cache-location', 'node_modules/.cache/eslint/'],
    env: { NODE_OPTIONS: '--max-old-space-size=4096' },
  },
  { name: 'types (tsc)', program: 'typescript/bin/tsc', args: ['-p', '.'] },
  { name: 'types of shared (tsc, no DOM, no Node)', program: 'typescript/bin/tsc', args: ['-p', 'shared'] },
  {
    name: 'types of the page (svelte-check)',
    program: 'svelte-check/bin/svelte-check',
    args: ['--tsconfig', 'renderer/tsconfig.json', '--fail-on-warnings', '--output', 'human'],
  },
  {
    name: 'format (Prettier)',
    program: 'prettier/bin/prettier.cjs',
    args: ['--check', '--log-level', 'warn', '.'],
  },
  {
    name: 'layers (dependency-cruiser)',
    program: 'dependency-cruiser/bin/dependency-cruise.mjs',
    args: [
      '--config',
      '.dependency-cruiser.js',
      'electron',
      'shared',
      'backend',
      'renderer',
      'build',
      'test',
    ],
  },
  { name: 'nothing unused (knip)', program: 'knip/bin/knip.js', args: [] },
  ...(hasHistory ? [commits] : []),
];

/** Runs every rule, telling each outcome as it comes, and what a tool said only where it found something. */
export const runChecks = (): Promise<readonly StepOutcome[]> =>
  runSteps(checkSteps, 2, (outcome) => {
    console.log(`${outcome.ok ? 'ok  ' : 'FAIL'} ${outcome.name}, ${seconds(outcome.ms)}`);
    if (!outcome.ok) console.log(outcome.output);
  });
