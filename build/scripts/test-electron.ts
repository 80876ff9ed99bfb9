/**
 * `npm run test:electron [-- --zip FILE]`: the built kiosk in a real Electron, where there is one: a folder that `LATCHPOINT_ELECTRON_DIST`
 * or `ELECTRON_OVERRIDE_DIST_PATH` names, the npm package's, a zip that its installer has kept, or `FILE`; a zip is held against
 * Electron's own list of checksums. Without one it says so and ends with 0: nothing is fetched.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { electronPrograms, findElectron, findKeptZip, unpackZip } from '../packaging/find-electron.ts';
import { haveTools } from '../packaging/tools.ts';
import { runChecks } from '../../test/electron/run.ts';
import { readCommandLine } from './command-line.ts';
import { projectRoot } from './tasks.ts';

const exitCode = { held: 0, failed: 1, couldNotRun: 2 } as const;
const tell = (line: string): void => console.log(line);

const readZip = (): string | undefined =>
  readCommandLine(
    'test-electron',
    (args) => parseArgs({ args, options: { zip: { type: 'string' } }, strict: true }).values.zip,
  );

/** The folder of an Electron, unpacked if it has to be; null where there is none. */
const haveElectron = async (named: string | undefined): Promise<string | null> => {
  const folder = named === undefined ? findElectron(process.env) : null;
  if (folder !== null) return folder;
  const zip = named ?? findKeptZip(process.env);
  if (zip === null) return null;
  const into = join(projectRoot, '.data/electron');
  await unpackZip(zip, into, tell);
  return into;
};

/** A screen that nobody sees, unless there is one; answers its name, and how to take it away. */
const openDisplay = async (): Promise<{ name: string; close: () => void }> => {
  const there = process.env['DISPLAY'];
  if (there !== undefined) return { name: there, close: () => {} };
  const child = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1280x800x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
  });
  const [number] = (await Promise.race([
    once(child.stdio[3] as NodeJS.ReadableStream, 'data'),
    once(child, 'exit').then(() => Promise.reject(new Error('Xvfb could not be started'))),
  ])) as [Buffer];
  return { name: `:${number.toString().trim()}`, close: () => child.kill() };
};

const main = async (): Promise<number> => {
  const named = readZip();
  if (process.platform !== 'linux') {
    tell('NOT RUN: this wants Linux');
    return exitCode.couldNotRun;
  }
  const folder = await haveElectron(named);
  if (folder === null) {
    tell('skipped: no Electron binary');
    return exitCode.held;
  }
  if (process.getuid?.() === 0) {
    tell('NOT RUN: Chromium has no sandbox as root; run it as an ordinary user');
    return exitCode.couldNotRun;
  }
  const missing = process.env['DISPLAY'] === undefined ? await haveTools(['Xvfb'], tell) : [];
  if (missing.length > 0) {
    tell(`NOT RUN: apt-get install ${missing.join(' ')}`);
    return exitCode.couldNotRun;
  }
  const display = await openDisplay();
  try {
    const held = await runChecks(join(folder, electronPrograms.linux), display.name, tell);
    return held ? exitCode.held : exitCode.failed;
  } finally {
    display.close();
  }
};

process.exit(
  await main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    return exitCode.failed;
  }),
);
