/** An install runs no package's script, whatever npm does it; and what npm is told to end, ends. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { constants, existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, vi } from 'vitest';
import { z } from 'zod';
import { folderTest } from '#support/folder-test.ts';
import { isInstalled } from '../../build/ensure-installed.mjs';

/** Whoever runs this by npm hands on that one's settings, which would stand in for those of the project under test. */
const environment = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^npm_config_ignore_scripts$/i.test(name)),
);
const run = (command: string, args: readonly string[], { cwd }: { readonly cwd: string }) =>
  promisify(execFile)(command, args, { cwd, env: environment });
const root = fileURLToPath(new URL('../../', import.meta.url));
const scriptsSchema = z.object({ scripts: z.record(z.string(), z.string()) });
const writeJson = (path: string, value: unknown): Promise<void> => writeFile(path, JSON.stringify(value));

/** A project with this one's settings for npm, and a package that leaves a mark when one of its scripts is run. */
const makeProject = async (work: string, settings: string): Promise<string> => {
  const mark = `node -e "require('fs').appendFileSync('${join(work, 'ran')}', process.env.npm_lifecycle_event)"`;
  const scripts = { preinstall: mark, install: mark, postinstall: mark };
  await mkdir(join(work, 'canary'));
  await writeJson(join(work, 'canary/package.json'), { name: 'canary', version: '1.0.0', scripts });
  const project = join(work, 'project');
  await mkdir(project);
  await run('npm', ['pack', join(work, 'canary'), '--pack-destination', project], { cwd: work });
  await writeJson(join(project, 'package.json'), {
    name: 'project',
    version: '1.0.0',
    dependencies: { canary: 'file:canary-1.0.0.tgz' },
    // npm 11 asks for a word about each package with scripts; the others run them unasked.
    allowScripts: { canary: true },
  });
  await run('npm', ['install', '--offline', '--package-lock-only', '--ignore-scripts'], { cwd: project });
  await writeFile(join(project, '.npmrc'), settings);
  await run('npm', ['ci', '--offline'], { cwd: project });
  expect(existsSync(join(project, 'node_modules/canary/package.json'))).toBe(true);
  return project;
};

const test = folderTest.extend('startNpm', ({ folder }, { onCleanup }) => {
  let npm: ChildProcess | undefined;
  onCleanup(() => void npm?.kill('SIGKILL'));
  return (path: string): ChildProcess => {
    npm = spawn('npm', ['start'], { cwd: folder, stdio: 'ignore', env: { ...process.env, PATH: path } });
    return npm;
  };
});

test('no script of any package is run by npm ci', async ({ folder }) => {
  await makeProject(folder, await readFile(join(root, '.npmrc'), 'utf8'));
  expect(existsSync(join(folder, 'ran'))).toBe(false);
});

test('without the setting the same package runs its scripts: the test above would see it', async ({
  folder,
}) => {
  await makeProject(folder, 'audit=false\n');
  expect(await readFile(join(folder, 'ran'), 'utf8')).toContain('install');
});

test('no command leans on a pre or post script, which npm runs none of here', async () => {
  const { scripts } = scriptsSchema.parse(JSON.parse(await readFile(join(root, 'package.json'), 'utf8')));
  for (const name of Object.keys(scripts)) {
    expect(scripts).not.toHaveProperty(`pre${name}`);
    expect(scripts).not.toHaveProperty(`post${name}`);
  }
  for (const name of ['preinstall', 'install', 'postinstall', 'prepare']) {
    expect(scripts).not.toHaveProperty(name);
  }
  // Several commands would leave a shell between npm and the program, and npm would tell the shell to end.
  for (const command of Object.values(scripts)) expect(command).not.toMatch(/[;&|]/);
});

test('an install that is broken off, old, or without what tests need is none', async ({ folder }) => {
  const packages = {
    '': { optionalDependencies: { here: '1.0.0', elsewhere: '1.0.0' } },
    'node_modules/a': { version: '1.0.0', integrity: 'x' },
    'node_modules/b': { version: '1.0.0', integrity: 'y', dev: true },
    'node_modules/here': { version: '1.0.0', optional: true, os: [process.platform], cpu: [process.arch] },
    'node_modules/elsewhere': { version: '1.0.0', optional: true, os: ['none'] },
    'node_modules/below': { version: '1.0.0', optional: true },
  };
  const without = (...left: readonly string[]): object =>
    Object.fromEntries(Object.entries(packages).filter(([place]) => place !== '' && !left.includes(place)));
  const notHere = ['node_modules/elsewhere', 'node_modules/below'];
  await mkdir(join(folder, 'node_modules'));
  await writeJson(join(folder, 'package-lock.json'), { packages });
  expect(isInstalled(folder)).toBe(false);
  const answerFor = async (found: object): Promise<boolean> => {
    await writeJson(join(folder, 'node_modules/.package-lock.json'), { packages: found });
    return isInstalled(folder);
  };
  expect(await answerFor(without(...notHere))).toBe(true);
  expect(await answerFor(without(...notHere, 'node_modules/b'))).toBe(false);
  expect(await answerFor(without(...notHere, 'node_modules/here'))).toBe(false);
  const other = { 'node_modules/b': { version: '1.0.0', integrity: 'other' } };
  expect(await answerFor({ ...without(...notHere), ...other })).toBe(false);
});

/** A script that says that it runs, and notes what ended it. */
const endless = `
import { writeFileSync } from 'node:fs';
process.on('SIGTERM', () => { writeFileSync(process.argv[2] + '.ended', process.execPath); process.exit(0); });
writeFileSync(process.argv[2], String(process.pid));
setInterval(() => undefined, 1000);
`;

const isRunning = async (pid: number): Promise<boolean> => {
  const state = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  return state !== null && !/\) [ZX] /.test(state);
};

test.for(['the Node that is brought', 'another Node'])(
  'ending npm by its pid ends the program that it runs (npm runs on %s)',
  async (kind, { folder, startNpm }) => {
    const bin = join(folder, 'bin');
    await mkdir(bin);
    // A copy is another program to whoever asks whether this is the Node that the project brings.
    if (kind === 'another Node') {
      await copyFile(process.execPath, join(bin, 'node'), constants.COPYFILE_FICLONE);
      await chmod(join(bin, 'node'), 0o755);
    }
    const pidFile = join(folder, 'pid');
    await writeFile(join(folder, 'endless.mjs'), endless);
    const command = `node ${join(root, 'build/run.mjs')} ${join(folder, 'endless.mjs')} ${pidFile}`;
    await writeJson(join(folder, 'package.json'), {
      name: 'x',
      version: '1.0.0',
      scripts: { start: command },
    });
    await copyFile(join(root, '.npmrc'), join(folder, '.npmrc'));
    const path = [bin, dirname(process.execPath), process.env['PATH']].join(delimiter);
    const npm = startNpm(path);
    const ended = once(npm, 'exit');
    const within = { timeout: 20_000, interval: 50 };
    const pid = await vi.waitFor(async () => {
      const text = await readFile(pidFile, 'utf8');
      expect(text).not.toBe('');
      return Number(text);
    }, within);
    npm.kill('SIGTERM');
    await ended;
    await vi.waitFor(async () => expect(await isRunning(pid)).toBe(false), within);
    expect(await readFile(`${pidFile}.ended`, 'utf8')).toBe(process.execPath);
  },
);
