/** Every npm command answers for its options before it does anything. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { answerTo, commands, type CommandName } from './commands.mjs';
import { partNames } from './proofs/proofs.ts';

const root = fileURLToPath(new URL('../', import.meta.url));
const { scripts } = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));

/** Those of the backend are its own, and are there without `build/`. */
const ofBackend = ['backup', 'restore'];
const rows = Object.entries(scripts)
  .filter(([name]) => !ofBackend.includes(name))
  .map(([name, line]) => ({ name, script: /build\/run\.mjs (build\/\S+\.ts)$/.exec(line)?.[1] ?? '' }));
const called = (name: string): string => (name === 'start' || name === 'test' ? name : `run ${name}`);

test('the commands are those of package.json, each by a script of its own', () => {
  expect(Object.keys(scripts)).toEqual(expect.arrayContaining(ofBackend));
  expect(rows.map(({ script }) => basename(script, '.ts')).sort()).toEqual(Object.keys(commands).sort());
});

test.each(rows)('npm $name: help, and no option that it does not have', ({ name, script }) => {
  const help = answerTo(script, ['--help']);
  expect(help).toMatchObject({ exitCode: 0 });
  expect(help?.text.startsWith(`npm ${called(name)}`)).toBe(true);
  expect(answerTo(script, ['-h', '--frobnicate'])).toEqual(help);
  const refused = answerTo(script, ['--frobnicate=1']);
  expect(refused).toMatchObject({ exitCode: 2 });
  expect(refused?.text).toMatch(new RegExp(`^There is no option --frobnicate\\.\n\nnpm ${called(name)}`));
  expect(answerTo(script, [])).toBeNull();
});

test.each(rows)('npm $name: every option that its help names is read', ({ script }) => {
  const { usage } = commands[basename(script, '.ts') as CommandName];
  const beside = [script, script.replace('.ts', '-options.ts'), script.replace('-update.ts', '-options.ts')];
  const read = beside.map((path) => join(root, path)).filter((path) => existsSync(path));
  const text = read.map((path) => readFileSync(path, 'utf8')).join('');
  for (const [, option = ''] of usage.matchAll(/--([a-z][a-z-]*)/g)) {
    if (option !== 'help') expect(text).toMatch(new RegExp(`\\b${option}'?\\??:|'${option}'|, ${option} `));
  }
});

test('what takes nothing is given nothing', () => {
  expect(answerTo('build/scripts/build.ts', ['renderer'])?.text).toMatch(
    /^This takes no arguments: renderer/,
  );
  expect(answerTo('build/scripts/test.ts', ['unit'])).toBeNull();
});

test('after a double dash all are names; a script of somebody else is asked itself', () => {
  expect(answerTo('build/scripts/format.ts', ['--', '--odd.md'])).toBeNull();
  expect(answerTo('somewhere/else.mjs', ['--frobnicate'])).toBeNull();
});

test('the parts that can be proven are those that the help names', () => {
  expect(commands.prove.usage).toContain(partNames.join('|'));
});

test('npm is told before anything is installed or done', () => {
  const run = (...args: readonly string[]) => {
    const how = ['build/run.mjs', 'build/scripts/build.ts', ...args];
    const { status, stdout, stderr } = spawnSync(process.execPath, how, { cwd: root, encoding: 'utf8' });
    return { status, stdout, stderr };
  };
  expect(run('--help')).toEqual({
    status: 0,
    stdout: `npm run build\n\n${commands.build.does}\n`,
    stderr: '',
  });
  expect(run('--frobnicate')).toEqual({
    status: 2,
    stdout: '',
    stderr: 'There is no option --frobnicate.\n\nnpm run build\n',
  });
});
