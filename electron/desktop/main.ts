/** The desktop host: Electron's main process. Each concern is a module of its own; this file is the order they come in. */
import {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  powerMonitor,
  powerSaveBlocker,
  protocol,
  safeStorage,
  screen,
  session,
  utilityProcess,
} from 'electron';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { composeKiosk } from '#kiosk/compose.ts';
import { createComingApi } from '#kiosk/ipc/coming-api.ts';
import { createDispatcher } from '#kiosk/ipc/dispatcher.ts';
import { loadPageFiles } from '#kiosk/page/page-files.ts';
import { systemClock } from '#kiosk/platform/clock.ts';
import type { KioskConfig } from '#kiosk/platform/config.ts';
import { exitCodes, type ExitCode } from '#kiosk/platform/exit-codes.ts';
import type { Logger } from '#shared/flow/logger.ts';
import { ownerOnlyUmask } from '#kiosk/platform/owner-only.ts';
import { systemRandom } from '#kiosk/platform/random.ts';
import { giveSignsOfLife } from '#kiosk/platform/sign-of-life.ts';
import { describeStartFailure } from '#kiosk/platform/start-failure.ts';
import { dataKeyPaths } from '#kiosk/vault/data-key-paths.ts';
import { createPassphraseFileStore } from '#kiosk/vault/passphrase-file-store.ts';
import type { SecretStore } from '#kiosk/vault/port.ts';
import { createStartedWell, noteStartedWell } from '#kiosk/updates/started-well.ts';
import { describeThrown } from '#shared/errors/thrown.ts';
import { createEnding, type Ending } from '#shared/flow/ending.ts';
import { offerNoClientCertificate } from './client-certificates.ts';
import { commandOf } from './commands.ts';
import { createFileLog } from './file-log.ts';
import { exitCodeAfterGivingUp } from './given-up.ts';
import { createIpcServer } from './ipc-server.ts';
import { guardKeys } from './key-guard.ts';
import { keepInPlace } from './kiosk-window.ts';
import { loadConfig } from './load-config.ts';
import { pageDir, preload, radioEntry } from './locations.ts';
import { denyNavigation } from './navigation.ts';
import { createNetFetch } from './net-fetch.ts';
import { pageUrl } from './page-origin.ts';
import { createPageRecovery } from './page-recovery.ts';
import { denyPermissions } from './permissions.ts';
import { pageSchemePrivileges, servePageScheme } from './protocol.ts';
import { createSafeStorageStore } from './secret-store.ts';
import { signOutAtSleep } from './sign-out-at-sleep.ts';
import { openUpdatesHost, updatesFolder } from './updates-host.ts';
import { createUtilityRadioProcess } from './utility-radio-process.ts';
import { windowOptions } from './window-options.ts';

const stopEachWithinMs = 4000;
/** Named by the service that starts the kiosk on Linux; people who start it name none. */
const aliveFile = process.env['KIOSK_ALIVE_FILE'];
process.umask(ownerOnlyUmask);
const clock = systemClock;
const random = systemRandom;

/** A developer's own build shows the developer tools and leaves the machine alone unless asked. */
const lockedDown = app.isPackaged || process.env['LATCHPOINT_KIOSK'] === '1';

const readConfig = () =>
  loadConfig({
    platform: process.platform,
    env: process.env,
    isPackaged: app.isPackaged,
    defaultDataDir: join(app.getPath('userData'), 'data'),
  });

const openSecretStore = ({ passphraseFile, dataDir }: KioskConfig): Promise<SecretStore | null> => {
  if (passphraseFile === undefined) return createSafeStorageStore(safeStorage, process.platform);
  const [deriveFor] = dataKeyPaths(dataDir);
  return createPassphraseFileStore({ path: passphraseFile, random, deriveFor });
};

const spawnRadio = () =>
  createUtilityRadioProcess(() => utilityProcess.fork(radioEntry, [], { serviceName: 'Latchpoint radio' }));

/** Whoever waits for it hears why. */
const nothingBegun = (): void => undefined;

const run = async (logger: Logger, ending: Ending, end: (code: ExitCode) => void): Promise<void> => {
  const { config, origins } = await readConfig();
  delete process.env['LATCHPOINT_CONFIG'];
  logger.info('configuration read', origins);
  await app.whenReady();
  Menu.setApplicationMenu(null);
  denyPermissions(session.defaultSession, { folder: app.getPath('downloads'), exists: existsSync });
  servePageScheme(protocol, await loadPageFiles(pageDir));

  const { platform, arch } = process;
  const updates = await openUpdatesHost({ config, version: app.getVersion(), platform, arch });
  const secretStore = await openSecretStore(config);
  const coreSession = session.fromPartition('core', { cache: false });
  denyPermissions(coreSession);
  // The page is loaded while the kiosk is made.
  const coming = createComingApi();
  const composing = composeKiosk({
    config,
    dataDirFrom: origins['dataDir'],
    clock,
    random,
    logger,
    fetch: createNetFetch(coreSession),
    secretStore,
    spawnRadio,
    ...(updates ? { updates } : {}),
    leave: () => end(exitCodes.left),
  });
  ending.defer('kiosk', () => composing.then((kiosk) => kiosk.dispose(), nothingBegun));

  const window = new BrowserWindow(
    windowOptions({ preload, lockedDown, devTools: !app.isPackaged, title: 'Latchpoint' }),
  );
  const { webContents: contents } = window;
  let leaving = false;
  const recovery = createPageRecovery({
    contents,
    window,
    url: pageUrl,
    clock,
    logger,
    onGivenUp: () => void exitCodeAfterGivingUp(config.dataDir, clock.now()).then(end),
  });
  ending.adopt('recovery', recovery);
  const startedWell = createStartedWell(() => void noteStartedWell(updatesFolder, app.getVersion(), logger));
  const dispatcher = ending.adopt('dispatcher', createDispatcher({ api: coming.api, clock, random, logger }));
  const server = createIpcServer({
    ipcMain,
    contents,
    dispatcher,
    random,
    logger,
    onAlive: (shows) => {
      recovery.alive(shows);
      startedWell.alive(shows);
    },
  });
  ending.adopt('IPC', server);
  ending.defer('window', () => (leaving = true));
  powerMonitor.on('resume', () => recovery.resumed());
  if (lockedDown) {
    guardKeys(contents);
    keepInPlace({ window, screen, powerMonitor, mayClose: () => leaving });
    powerSaveBlocker.start('prevent-display-sleep');
  } else {
    window.on('closed', () => end(exitCodes.stopped));
  }
  window.once('ready-to-show', () => window.show());
  app.on('second-instance', () => window.focus());
  recovery.load();

  const { api } = await composing;
  coming.arrive(api);
  startedWell.made();
  // Not before: to open data that is large or damaged takes as long as it takes.
  ending.adopt('signs of life', giveSignsOfLife({ path: aliveFile, clock, logger }));
  recovery.watch();
  signOutAtSleep(powerMonitor, () => api.calls.signOut(null, { signal: new AbortController().signal }));
  logger.info('kiosk ready', { sinceStartMs: Math.round(process.uptime() * 1000) });
};

const main = (): void => {
  const logger = createFileLog(app.getPath('logs'), () => clock.now());
  const ending = createEnding({
    timer: clock,
    eachMs: stopEachWithinMs,
    onLeftBehind: (left) => logger.warn('stopping left a part behind', left),
  });
  let leaving = false;
  const end = (code: ExitCode): void => {
    if (leaving) return;
    leaving = true;
    logger.info('kiosk stopping', { code });
    void ending.end().then(() => app.exit(code));
  };
  app.on('web-contents-created', (_event, contents) => denyNavigation(contents));
  offerNoClientCertificate(app);
  app.on('before-quit', (event) => {
    event.preventDefault();
    end(exitCodes.stopped);
  });
  app.on('child-process-gone', (_event, { type, reason }) => logger.warn('process gone', { type, reason }));
  process.on('SIGTERM', () => end(exitCodes.stopped));
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (thrown: unknown) => {
      logger.error('kiosk crashed', { by: event, ...describeThrown(thrown) });
      end(exitCodes.crashed);
    });
  }
  run(logger, ending, end).catch((error: unknown) => {
    const { line, exitCode } = describeStartFailure(error);
    logger.error('kiosk not started', { line, ...describeThrown(error) });
    console.error(line);
    if (!lockedDown) dialog.showErrorBox('Latchpoint', line);
    end(exitCode);
  });
};

// Both have to come before Electron is ready; a second kiosk on one machine only brings the first to the front.
app.enableSandbox();
protocol.registerSchemesAsPrivileged([pageSchemePrivileges]);
const command = commandOf(process.argv, {
  say: (line) => console.log(line),
  complain: (line) => console.error(line),
  clock,
  random,
  readConfig,
  openSecretStore,
  spawnRadio,
});
if (command !== null) void command().then((code) => app.exit(code));
else if (app.requestSingleInstanceLock()) main();
// A command of IT's may be at work for some seconds: the service is to try again then, and not to take it for an orderly end.
else app.exit(aliveFile === undefined ? exitCodes.stopped : exitCodes.crashed);
