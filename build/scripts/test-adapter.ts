/**
 * `npm run test:adapter`: the kiosk's radio on the machine's own adapter, proven on the Bluetooth stack of a real Linux kernel.
 * A small Debian runs in QEMU, with BlueZ's virtual controllers (`btvirt`) behind the kernel's adapter; the radio opens it by
 * raw HCI with CAP_NET_RAW alone. Installs QEMU where it may. Exits 0 only when every check was run and held.
 */
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { haveQemu, unpackDebian } from '../../test/adapter/debian.ts';
import { makeImage } from '../../test/adapter/image.ts';
import { runMachine } from '../../test/adapter/machine.ts';
import { projectRoot } from './tasks.ts';

const exitCode = { failed: 1, couldNotRun: 2 } as const;
const withinMs = 20 * 60_000;
const linesOfConsole = 30;
const tell = (line: string): void => console.log(line);

const notRun = (): number => {
  tell('NOT RUN: no check could be made');
  return exitCode.couldNotRun;
};

const runIn = async (work: string): Promise<number> => {
  const cache = join(projectRoot, '.data/adapter');
  mkdirSync(cache, { recursive: true });
  if (process.arch !== 'x64' || process.platform !== 'linux') {
    tell('this wants Linux on x64');
    return notRun();
  }
  if (!haveQemu(tell)) return notRun();
  const tree = unpackDebian(cache, tell);
  if (tree === null) return notRun();
  const image = join(work, 'image.cpio');
  await makeImage(tree, work, image);
  const kernel = readdirSync(join(tree, 'boot')).find((name) => name.startsWith('vmlinuz')) ?? '';
  tell('starting the small system: a minute where nothing else runs');
  const outcome = { held: false };
  const ended = await runMachine({
    kernel: join(tree, 'boot', kernel),
    image,
    console: join(work, 'console'),
    withinMs,
    onLine: (line) => {
      outcome.held = line === 'ALL HELD';
      if (!outcome.held) tell(line);
    },
  });
  if (!ended) tell(`FAILED: it was not through after ${withinMs / 60_000} minutes, and was switched off`);
  if (ended && outcome.held) return 0;
  tell('the end of what the kernel said:');
  tell(readFileSync(join(work, 'console'), 'utf8').split('\n').slice(-linesOfConsole).join('\n'));
  return exitCode.failed;
};

const work = mkdtempSync(join(tmpdir(), 'adapter-'));
try {
  process.exitCode = await runIn(work);
} finally {
  rmSync(work, { recursive: true, force: true });
}
