/** `npm start`: the simulated store and its kiosk, until Ctrl+C. */
import { spawn } from 'node:child_process';
import { simulatedPin, simulatedStaff } from '#support/simulated-store/seed.ts';
import { rightsInWords, seedRights } from '#support/simulated-store/seed-rights.ts';
import {
  eraseSimulatedStore,
  startSimulatedStore,
  type SimulatedStore,
} from '#support/simulated-store/store.ts';
import { buildDesktop, buildPages } from './build-pages.ts';
import { readCommandLine } from './command-line.ts';
import { freePort } from './free-port.ts';
import { electronBinary, openInBrowser } from './show.ts';
import { parseStartOptions } from './start-options.ts';
import { projectRoot, seconds } from './tasks.ts';

const fail = (message: string): never => {
  console.error(message);
  process.exit(1);
};

const pickPort = async (wanted: number, what: string): Promise<number> => {
  const port = await freePort(wanted);
  if (port === null) return fail(`No free port for ${what} from ${wanted} on: choose another with --port N.`);
  if (port !== wanted) console.log(`Port ${wanted} is taken: ${what} uses ${port}.`);
  return port;
};

const tell = (store: SimulatedStore, kiosk: string): void => {
  const code = store.registrationCode();
  console.log(`
  Start here      ${store.panelUrl}/  (the air panel, which opens the kiosk beside itself)
  The kiosk       ${kiosk}

${code === null ? '' : `\n  The kiosk asks for a registration code: ${code}. It can be used once.\n`}
  Sign in as "${simulatedStaff[0].name}" with the PIN ${simulatedPin}. Then cut the network in the air panel, enrol a new lock,
  restore the network, and open the lock. Ctrl+C stops everything.
`);
  if (options.rights)
    console.log(`  Who may open what (all have that PIN):\n    ${rightsInWords.join('\n    ')}.\n`);
};

const options = readCommandLine('start', parseStartOptions);
const began = performance.now();
let store: SimulatedStore | null = null;
let stopping = false;

const stop = async (code: number): Promise<void> => {
  if (stopping) return;
  stopping = true;
  console.log('Stopping …');
  await store?.dispose();
  process.exit(code);
};
process.on('SIGINT', () => void stop(0));
process.on('SIGTERM', () => void stop(0));
process.on('SIGHUP', () => void stop(0));

if (options.fresh) await eraseSimulatedStore(options.dataDir);
const kioskPort = await pickPort(options.port, 'the kiosk');
const panelPort = await pickPort(kioskPort + 1, 'the air panel');

/** The product's own host, in its window. It ends with this script, and this script with it. */
const runInElectron = async (store: SimulatedStore, binary: string): Promise<void> => {
  console.log('Building the desktop host');
  await buildDesktop();
  const env = { ...process.env, LATCHPOINT_CONFIG: await store.kioskConfig() };
  const child = spawn(binary, [projectRoot], { env, stdio: 'ignore' });
  process.once('exit', () => child.kill());
  child.on('error', (error) => console.error(`Electron could not be started: ${error.message}`));
  child.on('exit', () => void stop(0));
  tell(store, 'in its window');
};

const run = async (): Promise<void> => {
  const electron = options.open ? electronBinary() : null;
  console.log('Building the pages');
  await buildPages();
  const running = await startSimulatedStore({
    dataDir: options.dataDir,
    kioskPort,
    panelPort,
    registers: !options.setUp,
    kiosk: electron === null ? 'browser-host' : 'elsewhere',
    keepsKiosk: true,
    onNextAddress: (url) => console.log(`The kiosk’s next address, good once: ${url}`),
    say: (step) => console.log(store === null ? `Starting: ${step}` : `The store: ${step}.`),
  });
  store = running;
  if (options.rights) await seedRights(running.admin);
  console.log(`Ready after ${seconds(performance.now() - began)}.`);
  if (electron !== null) await runInElectron(running, electron);
  else {
    console.log('There is no Electron binary here: the kiosk is served to a browser on this computer.');
    tell(running, running.kioskUrl());
    if (options.open) openInBrowser(`${running.panelUrl}/`);
  }
  const name = await running.failed;
  console.error(`The process "${name}" has ended unexpectedly; its log is in ${options.dataDir}/logs.`);
  await stop(1);
};

try {
  await run();
} catch (error) {
  fail(`The store could not be started.\n${error instanceof Error ? error.message : String(error)}`);
}
