/**
 * A double of Electron's main process: what `import … from 'electron'` gives the host in tests. A class per part that the host uses;
 * what it has not throws. Its setup is the first argument of the process (`DoubleOptions` as JSON).
 */
import type * as Electron from 'electron';
import { FakeIpcMain } from '../fake-electron.ts';
import { AppDouble } from './app.ts';
import { strict } from './emitter.ts';
import { createJournal, type DoubleOptions } from './options.ts';
import { ProtocolDouble, SessionsDouble } from './session.ts';
import { PowerMonitorDouble, PowerSaveBlockerDouble, SafeStorageDouble, ScreenDouble } from './system.ts';
import { UtilityProcessDouble } from './utility-process.ts';
import { WindowDouble } from './window.ts';

const options = JSON.parse(process.argv[2] ?? '{}') as DoubleOptions;
const journal = createJournal();
const theApp = new AppDouble(options, journal);
const theProtocol = new ProtocolDouble(theApp);
const theIpcMain = new FakeIpcMain();
const theSession = new SessionsDouble(theApp);
const theScreen = new ScreenDouble(theApp);
const thePowerMonitor = new PowerMonitorDouble();
const thePowerSaveBlocker = new PowerSaveBlockerDouble();
const windows: WindowDouble[] = [];

/** The parts themselves, for whoever drives them. */
export const double = {
  app: theApp,
  protocol: theProtocol,
  ipcMain: theIpcMain,
  session: theSession,
  screen: theScreen,
  powerMonitor: thePowerMonitor,
  powerSaveBlocker: thePowerSaveBlocker,
  windows,
  journal,
};

theApp.closeWindows = () => windows.every((window) => window.isDestroyed() || window.close());

export const app = strict('app', theApp);
export const ipcMain = strict('ipcMain', theIpcMain);
export const powerMonitor = strict('powerMonitor', thePowerMonitor);
export const powerSaveBlocker = strict('powerSaveBlocker', thePowerSaveBlocker);
export const protocol = strict('protocol', theProtocol);
export const safeStorage = strict('safeStorage', new SafeStorageDouble(theApp));
export const screen = strict('screen', theScreen);
export const session = strict('session', theSession);
export const dialog: Pick<Electron.Dialog, 'showErrorBox'> = strict('dialog', {
  showErrorBox: (title: string, text: string) => journal.note(`dialog ${title}: ${text}`),
});
export const Menu: Pick<typeof Electron.Menu, 'setApplicationMenu'> = strict('Menu', {
  setApplicationMenu: (menu: Electron.Menu | null) => journal.note(`menu ${menu === null ? 'none' : 'set'}`),
});
export const utilityProcess = strict('utilityProcess', {
  fork: (entry: string, args: readonly string[] = []) =>
    strict('UtilityProcess', new UtilityProcessDouble(entry, args)),
});

/** `new BrowserWindow(…)`. */
export const BrowserWindow = function (given: Electron.BrowserWindowConstructorOptions): WindowDouble {
  const window = new WindowDouble(theApp, { ipcMain: theIpcMain, protocol: theProtocol }, given);
  windows.push(window);
  window.on('closed', () => {
    if (windows.every((each) => each.isDestroyed())) theApp.lastWindowClosed();
  });
  return strict('BrowserWindow', window);
};
