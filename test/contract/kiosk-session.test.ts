/** The exit-code contract under cage: with the real one on a screen that is none, and with one that does as cage 0.1.4 does. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, chown, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { exitCodes } from '#kiosk/platform/exit-codes.ts';
import { fileFolderTest } from '#support/folder-test.ts';
import { haveTools } from '../../build/packaging/tools.ts';

const session = fileURLToPath(new URL('../../build/packaging/linux/kiosk-session.sh', import.meta.url));
const unitFile = fileURLToPath(new URL('../../build/packaging/linux/latchpoint.service', import.meta.url));
const nobody = 65_534;
const isRoot = process.getuid?.() === 0;
const cages = ['written', 'real'] as const;
type Cage = (typeof cages)[number];

const codeOf = async (child: ChildProcess): Promise<number | null> => {
  const [code] = (await once(child, 'exit')) as [number | null];
  return code;
};

const it = fileFolderTest
  /** What the real cage wants and this computer does not have. */
  .extend('missing', { scope: 'file' }, () => haveTools(['cage', 'Xwayland'], () => undefined))
  .extend(
    'isLeftOut',
    ({ missing }) =>
      (cage: Cage) =>
        cage === 'real' && missing.length > 0,
  )
  /** The folder in which the session runs. */
  .extend('run', { scope: 'file' }, async ({ folder }) => {
    const run = join(folder, 'run');
    await chmod(folder, 0o755);
    await mkdir(run, { mode: 0o700 });
    // cage refuses to run as root.
    if (isRoot) await chown(run, nobody, nobody);
    return run;
  })
  /** The folder of the cage that is written for this. */
  .extend('written', { scope: 'file' }, async ({ folder }) => {
    const written = join(folder, 'written');
    await mkdir(written);
    const text = '#!/bin/sh\n[ "$1" = -- ] && shift\ntrap "kill -ABRT $$" TERM\n"$@" &\nwait\nexit 0\n';
    await writeFile(join(written, 'cage'), text, { mode: 0o755 });
    return written;
  })
  .extend(
    'start',
    ({ run, written }) =>
      (cage: Cage, script: string, settings: Readonly<Record<string, string>> = {}): ChildProcess => {
        const paths = process.env['PATH'] ?? '';
        const path = cage === 'written' ? `${written}:${paths}` : paths;
        const screen = { WLR_BACKENDS: 'headless', WLR_LIBINPUT_NO_DEVICES: '1', WLR_RENDERER: 'pixman' };
        const account = isRoot ? { uid: nobody, gid: nobody } : {};
        return spawn('sh', [session, 'sh', '-c', script], {
          cwd: run,
          env: { ...process.env, ...screen, ...settings, PATH: path, HOME: run, XDG_RUNTIME_DIR: run },
          stdio: 'ignore',
          ...account,
        });
      },
  );
it.beforeAll(({ missing: _missing }) => undefined, 600_000);

it('the real cage is there where this is built', ({ missing }) => {
  if (process.env['CI'] !== undefined) expect(missing).toEqual([]);
});

it.for(cages)('each code of the contract comes through (%s cage)', async (cage, { isLeftOut, start }) => {
  if (isLeftOut(cage)) return;
  for (const code of Object.values(exitCodes)) {
    expect(await codeOf(start(cage, `exit ${code}`)), `${code}`).toBe(code);
  }
});

it.for(cages)(
  'a program that is killed, or is not there, is no orderly end (%s cage)',
  async (cage, { isLeftOut, start }) => {
    if (isLeftOut(cage)) return;
    expect(await codeOf(start(cage, 'kill -KILL $$'))).toBe(128 + 9);
    expect(await codeOf(start(cage, 'exec /no/such/program'))).toBe(127);
  },
);

it.for(cages)(
  'told to end, it tells the program, waits for it and ends with its code (%s cage)',
  async (cage, { isLeftOut, run, start }) => {
    if (isLeftOut(cage)) return;
    const told = join(run, `told-${cage}`);
    const begun = join(run, `begun-${cage}`);
    const script = `trap 'sleep 0.5; : > ${told}; exit 0' TERM; : > ${begun}; while :; do sleep 0.1; done`;
    const child = start(cage, script);
    await expect.poll(() => existsSync(begun), { timeout: 20_000 }).toBe(true);
    child.kill('SIGTERM');
    expect(await codeOf(child)).toBe(0);
    expect(existsSync(told)).toBe(true);
  },
);

/** Two seconds without a sign are too long: more than a busy computer takes over one. */
const looks = { KIOSK_LOOK_SECONDS: '0.1', KIOSK_SILENT_LOOKS: '20' };
const sign = 'touch "$KIOSK_ALIVE_FILE"';

it.for(cages)(
  'a program that gives signs of life and then hangs is killed (%s cage)',
  async (cage, { isLeftOut, start }) => {
    if (isLeftOut(cage)) return;
    const deaf = `trap '' TERM; ${sign}; while :; do sleep 0.1; done`;
    expect(await codeOf(start(cage, deaf, looks))).toBe(128 + 9);
  },
);

it('a program that goes on giving signs of life is left alone', async ({ start }) => {
  const alive = `n=0; while [ $n -lt 25 ]; do ${sign}; sleep 0.1; n=$((n + 1)); done; exit 12`;
  expect(await codeOf(start('written', alive, looks))).toBe(exitCodes.left);
});

it('a program that has not given its first sign has ten times as long', async ({ start }) => {
  const few = { KIOSK_LOOK_SECONDS: '0.1', KIOSK_SILENT_LOOKS: '3' };
  expect(await codeOf(start('written', 'sleep 0.3; exit 12', few))).toBe(exitCodes.left);
  expect(await codeOf(start('written', 'exec sleep 60', few))).toBe(128 + 9);
});

it('told to end before the program has begun, it ends all the same', async ({ start }) => {
  const child = start('written', "trap 'exit 0' TERM; while :; do sleep 0.1; done");
  child.kill('SIGTERM');
  expect([0, 128 + 15, null]).toContain(await codeOf(child));
});

it('without cage it ends as after a crash, so that it is started again', async ({ run }) => {
  const child = spawn('/bin/sh', [session, 'true'], {
    env: { PATH: '/nowhere', XDG_RUNTIME_DIR: run },
    stdio: 'ignore',
  });
  expect(await codeOf(child)).toBe(exitCodes.crashed);
});

it('the unit starts the session, acts on each code, and systemd finds nothing wrong with it', () => {
  const unit = readFileSync(unitFile, 'utf8');
  expect(unit).toContain('\nExecStart=/opt/Latchpoint/linux/kiosk-session.sh /opt/Latchpoint/latchpoint\n');
  expect(unit).toContain(`\nRestartPreventExitStatus=${exitCodes.left} ${exitCodes.configuration}\n`);
  expect(unit).toMatch(
    new RegExp(`^ExecStopPost=\\+.*= ${exitCodes.restartComputer} .*systemctl reboot`, 'm'),
  );
  // Its session is one of its own: what is left of a kiosk that hangs is ended by its account.
  expect(unit).toMatch(/^ExecStopPost=\+-loginctl kill-user --signal=SIGKILL latchpoint$/m);
  // Debian starts a prompt on the first screen, and a unit that wants the same terminal does not start beside it.
  expect(unit).toMatch(/^Conflicts=getty@tty1\.service$/m);
  expect(unit).toMatch(/^After=getty@tty1\.service$/m);
  // With a terminal as its input a service writes there, where nobody reads it.
  for (const stream of ['Output', 'Error']) expect(unit).toContain(`\nStandard${stream}=journal\n`);
  const verified = spawnSync('systemd-analyze', ['verify', '--man=no', unitFile], { encoding: 'utf8' });
  if (verified.error) return;
  const found = verified.stderr.split('\n').filter((line) => line.includes('latchpoint.service:'));
  expect(found.filter((line) => !line.includes('is not executable'))).toEqual([]);
});
