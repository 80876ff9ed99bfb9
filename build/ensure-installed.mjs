/**
 * Installs what the project needs where `node_modules` is missing, or is not what `package-lock.json` says. Plain JavaScript
 * that runs on any Node from 20.19 on: everything after it runs on the Node that the install brings.
 *
 * No install script of any package is run, by this or by an `npm ci` by hand: `.npmrc` says so, and nothing here needs one.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const progressEveryMs = 10_000;
const oldest = [20, 19];

const say = (text) => process.stderr.write(`${text}\n`);

/** Ends the process with what has to be done about it. */
export const stop = (text) => {
  say(text);
  process.exit(1);
};

const readJson = (path) => {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return null;
  }
};

const suits = (wanted, here) => wanted === undefined || wanted.includes(here);

/** Whether a package of the lock file may be missing from a whole install on this machine. */
const mayBeMissing = (path, entry, root) => {
  if (!entry.optional && !entry.devOptional) return false;
  const own = root.optionalDependencies?.[path.replace('node_modules/', '')] !== undefined;
  return !own || !suits(entry.os, process.platform) || !suits(entry.cpu, process.arch);
};

/**
 * Compares `package-lock.json` with the list that npm writes into `node_modules` as the last act of an install.
 *
 * @param {string} folder where `package-lock.json` lies
 * @returns {boolean} false also after an install that was broken off, or one that left out what tests need
 */
export const isInstalled = (folder) => {
  const wanted = readJson(join(folder, 'package-lock.json'))?.packages;
  const found = readJson(join(folder, 'node_modules', '.package-lock.json'))?.packages;
  if (!wanted || !found) return false;
  const { '': root, ...packages } = wanted;
  return Object.entries(packages).every(([path, entry]) => {
    const there = found[path];
    if (!there) return mayBeMissing(path, entry, root);
    return there.version === entry.version && there.integrity === entry.integrity;
  });
};

const npmCi = (folder) => {
  const npm = process.env.npm_execpath;
  const [command, first] = npm ? [process.execPath, [npm]] : ['npm', []];
  const options = ['ci', '--ignore-scripts', '--include=dev', '--include=optional', '--engine-strict=false'];
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
  return new Promise((resolve) => {
    const child = spawn(command, [...first, ...options, ...quiet], {
      cwd: folder,
      stdio: ['ignore', 'inherit', 'inherit'],
      shell: !npm && process.platform === 'win32',
    });
    const end = () => child.kill();
    process.once('SIGTERM', end).once('SIGHUP', end);
    child.on('error', (error) => stop(`npm could not be started: ${error.message}`));
    child.on('exit', (code) => {
      process.off('SIGTERM', end).off('SIGHUP', end);
      resolve(code ?? 1);
    });
  });
};

/** Resolves once all is there; ends the process, in words, where that cannot be. */
export const ensureInstalled = async (folder) => {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < oldest[0] || (major === oldest[0] && minor < oldest[1])) {
    stop(`Latchpoint needs Node ${oldest.join('.')} or newer to start; this is ${process.version}.`);
  }
  if (isInstalled(folder)) return;
  const started = Date.now();
  const seconds = () => Math.round((Date.now() - started) / 1000);
  say(
    'Installing what Latchpoint needs into node_modules. About 800 MB on disk; a few minutes on a slow line.',
  );
  const progress = setInterval(() => say(`  … still installing, ${seconds()} s`), progressEveryMs);
  const code = await npmCi(folder);
  clearInterval(progress);
  if (code !== 0) {
    stop(
      'The install did not finish. What npm said is above. Once it is put right, run the same command again.',
    );
  }
  say(`Installed in ${seconds()} s.`);
};
