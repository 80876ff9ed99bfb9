/** A kiosk whose data cannot be written to: refused in one line with its exit code, whatever is read-only, and nothing lost. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, test, type TestContext } from 'vitest';
import { createKioskData } from '#kiosk/data/kiosk-data.ts';
import { systemClock } from '#kiosk/platform/clock.ts';
import { exitCodes } from '#kiosk/platform/exit-codes.ts';
import { silentLogger } from '#shared/flow/logger.ts';
import { systemRandom } from '#kiosk/platform/random.ts';
import { composeEvent, enrolmentOf, uuid } from '#support/documents.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { findWithoutRights } from './without-rights.ts';

const projectRoot = fileURLToPath(new URL('../../../', import.meta.url));
const entry = join(projectRoot, 'electron/browser-host/main.ts');
const execArgv = ['--disable-warning=ExperimentalWarning'];

const rights = findWithoutRights(entry);
/** Windows' read-only folders can be written to, and some containers let root neither become somebody else nor be less. */
const needsRights = ({ skip }: TestContext): void =>
  skip(rights === null, 'nothing is read-only to whom this system lets the kiosk be started as');

interface End {
  readonly ready: boolean;
  readonly code: number | null;
  /** What it said on its standard error. */
  readonly lines: readonly string[];
}

/** Starts the kiosk as the browser host does; one that gets ready is asked to stop. */
const start = async (dataDir: string): Promise<End> => {
  const config = { backendUrl: 'http://127.0.0.1:9', dataDir, radio: { h4: '127.0.0.1:9' } };
  const [command, ...args] = [...(rights?.prefix ?? []), process.execPath, ...execArgv, entry] as const;
  const child = spawn(command, args, {
    ...rights?.as,
    cwd: projectRoot,
    env: {
      PATH: process.env['PATH'],
      PORT: '0',
      LATCHPOINT_LOG: 'info',
      LATCHPOINT_CONFIG: JSON.stringify(config),
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const lines: string[] = [];
  let ready = false;
  // Its page is there before that, and says that the kiosk is starting.
  createInterface({ input: child.stderr }).on('line', (line) => {
    if (line.includes('"event":"kiosk ready"')) {
      ready = true;
      child.kill('SIGTERM');
    }
    if (!/"level":"(?:info|warn)"/.test(line)) lines.push(line);
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { ready, code, lines };
};

const refusal = {
  ready: false,
  code: exitCodes.crashed,
  lines: [
    "Latchpoint can't start: its data folder cannot be written. Check who may write there. (storage.read_only)",
  ],
};

/** What IT has set has to be set otherwise: starting it again is of no use. */
const refusedAs = (problem: string) => ({
  ready: false,
  code: exitCodes.configuration,
  lines: [
    `Latchpoint can't start: the configuration from LATCHPOINT_CONFIG is not right, at "dataDir": ${problem} (config.invalid)`,
  ],
});
const closed = refusedAs('may not be read and written by who runs the kiosk');

const own = (path: string): void => {
  if (rights?.as) chownSync(path, rights.as.uid, rights.as.gid);
};

/** A folder with data in it that the one who starts the kiosk owns. */
const withData = async (): Promise<string> => {
  const folder = join(temporaryFolder(), 'kiosk');
  chmodSync(join(folder, '..'), 0o755);
  mkdirSync(folder);
  const data = await createKioskData({
    path: join(folder, 'kiosk.db'),
    clock: systemClock,
    random: systemRandom,
    logger: silentLogger,
  });
  await data.putEnrolment(enrolmentOf(1));
  await data.appendAccessEvent(composeEvent(uuid(9)));
  await data.dispose();
  for (const path of ['', ...readdirSync(folder)]) own(join(folder, path));
  return folder;
};

const contentOf = (folder: string): Map<string, string> =>
  new Map(
    readdirSync(folder)
      .filter((name) => statSync(join(folder, name)).isFile())
      .map((name) => [name, readFileSync(join(folder, name)).toString('base64')]),
  );

/** What the data tells after all, read from a copy. */
const isWhole = async (folder: string): Promise<boolean> => {
  const copy = join(temporaryFolder(), 'copy');
  cpSync(folder, copy, { recursive: true });
  chmodSync(copy, 0o700);
  chmodSync(join(copy, 'kiosk.db'), 0o600);
  const data = await createKioskData({
    path: join(copy, 'kiosk.db'),
    clock: systemClock,
    random: systemRandom,
    logger: silentLogger,
  });
  const found = [await data.enrolment(uuid(1)), ...(await data.accessEventsAfter(0))];
  await data.dispose();
  return data.notice === null && found.length === 2 && found.every((each) => each !== null);
};

test('the folder is read-only: refused, untouched, and as before once it may be written to', async (context) => {
  needsRights(context);
  const folder = await withData();
  const before = contentOf(folder);
  chmodSync(join(folder, 'kiosk.db'), 0o444);
  chmodSync(folder, 0o555);
  expect(await start(folder)).toEqual(closed);
  expect(contentOf(folder)).toEqual(before);
  chmodSync(folder, 0o755);
  chmodSync(join(folder, 'kiosk.db'), 0o644);
  expect(await start(folder)).toMatchObject({ ready: true, code: exitCodes.stopped });
  expect(await isWhole(folder)).toBe(true);
});

test('only the database file is read-only: the same', async (context) => {
  needsRights(context);
  const folder = await withData();
  chmodSync(join(folder, 'kiosk.db'), 0o444);
  expect(await start(folder)).toEqual(refusal);
  expect(await isWhole(folder)).toBe(true);
});

test('only the folder of its keys cannot be reached: refused before anything is shown', async (context) => {
  needsRights(context);
  const folder = await withData();
  const vault = join(folder, 'vault');
  mkdirSync(vault, { mode: 0o000 });
  expect(await start(folder)).toEqual(refusal);
  chmodSync(vault, 0o700);
  expect(await isWhole(folder)).toBe(true);
});

test('the folder is missing where none can be made: refused', async (context) => {
  needsRights(context);
  const parent = temporaryFolder();
  chmodSync(parent, 0o555);
  expect(await start(join(parent, 'missing', 'kiosk'))).toEqual(closed);
  chmodSync(parent, 0o755);
});

test('the folder is missing, and a file is in its way: refused', async () => {
  const parent = temporaryFolder();
  chmodSync(parent, 0o755);
  writeFileSync(join(parent, 'file'), '');
  expect(await start(join(parent, 'file', 'kiosk'))).toEqual(refusedAs('leads through what is no folder'));
});

test('the folder is missing where it can be made: it is, for its owner alone', async () => {
  const parent = temporaryFolder();
  own(parent);
  const folder = join(parent, 'new', 'kiosk');
  expect(await start(folder)).toMatchObject({ ready: true, code: exitCodes.stopped });
  if (process.platform !== 'win32') expect(statSync(folder).mode & 0o777).toBe(0o700);
});
