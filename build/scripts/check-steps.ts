/** The rules of the house, each held by a tool. */
import { spawnSync } from 'node:child_process';
import { projectRoot, runSteps, seconds, type Step, type StepOutcome } from './tasks.ts';

const commitsLookedAt = 200;

/**
 * The last commits, without the very first, which has none before it. A source archive has no history, a shallow clone little,
 * and git will not speak of a folder that belongs to someone else.
 */
const commitSteps = (): readonly Step[] => {
  const counted = spawnSync('git', ['rev-list', '--count', 'HEAD'], { cwd: projectRoot, encoding: 'utf8' });
  if (counted.status !== 0) {
    console.log('skipped: commit messages (there is no history to read here)');
    return [];
  }
  const older = Math.min(Number(counted.stdout) - 1, commitsLookedAt);
  const range = older > 0 ? ['--from', `HEAD~${older}`, '--to', 'HEAD'] : ['--last'];
  return [{ name: 'commit messages (commitlint)', program: '@commitlint/cli/cli.js', args: range }];
};

const checkSteps = (): readonly Step[] => [
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
  {
    name: 'nothing in the product that it does not use (knip)',
    program: 'knip/bin/knip.js',
    args: ['--config', 'knip.product.config.ts', '--production', '--include', 'files,exports'],
  },
  ...commitSteps(),
];

/** Runs every rule, telling of each outcome as it comes, and what a tool said only where it found something. */
export const runChecks = (tell: (line: string) => void): Promise<readonly StepOutcome[]> =>
  runSteps(checkSteps(), 2, (outcome) => {
    tell(`${outcome.ok ? 'ok  ' : 'FAIL'} ${outcome.name}, ${seconds(outcome.ms)}`);
    if (!outcome.ok) tell(outcome.output);
  });
