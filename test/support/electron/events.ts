/**
 * What the double emits, held against Electron's own declarations: for each event that the host hears, what Electron passes has to
 * fit what the double passes, or this file does not compile.
 */
import type {
  App,
  BrowserWindow,
  PowerMonitor,
  Screen,
  Session,
  UtilityProcess,
  WebContents,
} from 'electron';
import type { Preventable } from './emitter.ts';

export interface AppEvents {
  'web-contents-created': [event: unknown, contents: object];
  'select-client-certificate': [
    event: Preventable,
    contents: unknown,
    url: string,
    certificates: readonly { readonly issuerName: string }[],
    callback: (certificate?: never) => void,
  ];
  'before-quit': [event: Preventable];
  'child-process-gone': [event: unknown, details: { readonly type: string; readonly reason: string }];
  'second-instance': [event: unknown, argv: readonly string[], directory: string];
  'window-all-closed': [];
}
export interface ContentsEvents {
  'will-frame-navigate': [details: Preventable & { readonly url: string; readonly isMainFrame: boolean }];
  'will-redirect': [details: Preventable & { readonly url: string }];
  'will-attach-webview': [event: Preventable];
  'select-bluetooth-device': [
    event: Preventable,
    devices: readonly unknown[],
    callback: (id: string) => void,
  ];
  login: [event: Preventable];
  'did-start-navigation': [details: { readonly isMainFrame: boolean; readonly isSameDocument: boolean }];
  'did-fail-load': [event: unknown, code: number, description: string, url: string, isMainFrame: boolean];
  'render-process-gone': [event: unknown, details: { readonly reason: string; readonly exitCode: number }];
  'before-input-event': [event: Preventable, input: KeyPress];
}
export interface KeyPress {
  readonly key: string;
  readonly control: boolean;
  readonly alt: boolean;
  readonly meta: boolean;
  readonly shift: boolean;
}
export interface WindowEvents {
  close: [event: Preventable];
  closed: [];
  'ready-to-show': [];
  'leave-full-screen': [];
  minimize: [];
  unresponsive: [];
  responsive: [];
}
export interface SessionEvents {
  'will-download': [event: Preventable, item: DownloadItemPart];
}
export interface DownloadItemPart {
  getURL(): string;
  getFilename(): string;
  setSavePath(path: string): void;
}
export interface DisplayPart {
  readonly id: number;
  readonly bounds: Area;
  readonly workArea: Area;
  readonly scaleFactor: number;
}
export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}
export interface ScreenEvents {
  'display-added': [event: unknown, display: DisplayPart];
  'display-removed': [event: unknown, display: DisplayPart];
  'display-metrics-changed': [event: unknown, display: DisplayPart, changed: readonly string[]];
}
export interface PowerEvents {
  suspend: [];
  resume: [];
  'lock-screen': [];
  'unlock-screen': [];
}
export interface UtilityEvents {
  message: [message: unknown];
  exit: [code: number];
}

interface Real {
  readonly app: App;
  readonly contents: WebContents;
  readonly window: BrowserWindow;
  readonly session: Session;
  readonly screen: Screen;
  readonly power: PowerMonitor;
  readonly utility: UtilityProcess;
}

/** Each line compiles only where a listener of what the double passes can be given to Electron itself. */
export const heldAgainstElectron = ({
  app,
  contents,
  window,
  session,
  screen,
  power,
  utility,
}: Real): void => {
  app.on('web-contents-created', (..._: AppEvents['web-contents-created']) => undefined);
  app.on('select-client-certificate', (..._: AppEvents['select-client-certificate']) => undefined);
  app.on('before-quit', (..._: AppEvents['before-quit']) => undefined);
  app.on('child-process-gone', (..._: AppEvents['child-process-gone']) => undefined);
  app.on('second-instance', (..._: AppEvents['second-instance']) => undefined);
  app.on('window-all-closed', (..._: AppEvents['window-all-closed']) => undefined);
  contents.on('will-frame-navigate', (..._: ContentsEvents['will-frame-navigate']) => undefined);
  contents.on('will-redirect', (..._: ContentsEvents['will-redirect']) => undefined);
  contents.on('will-attach-webview', (..._: ContentsEvents['will-attach-webview']) => undefined);
  contents.on('select-bluetooth-device', (..._: ContentsEvents['select-bluetooth-device']) => undefined);
  contents.on('login', (..._: ContentsEvents['login']) => undefined);
  contents.on('did-start-navigation', (..._: ContentsEvents['did-start-navigation']) => undefined);
  contents.on('did-fail-load', (..._: ContentsEvents['did-fail-load']) => undefined);
  contents.on('render-process-gone', (..._: ContentsEvents['render-process-gone']) => undefined);
  contents.on('before-input-event', (..._: ContentsEvents['before-input-event']) => undefined);
  window.on('close', (..._: WindowEvents['close']) => undefined);
  window.on('closed', (..._: WindowEvents['closed']) => undefined);
  window.on('ready-to-show', (..._: WindowEvents['ready-to-show']) => undefined);
  window.on('leave-full-screen', (..._: WindowEvents['leave-full-screen']) => undefined);
  window.on('minimize', (..._: WindowEvents['minimize']) => undefined);
  window.on('unresponsive', (..._: WindowEvents['unresponsive']) => undefined);
  window.on('responsive', (..._: WindowEvents['responsive']) => undefined);
  session.on('will-download', (..._: SessionEvents['will-download']) => undefined);
  screen.on('display-added', (..._: ScreenEvents['display-added']) => undefined);
  screen.on('display-removed', (..._: ScreenEvents['display-removed']) => undefined);
  screen.on('display-metrics-changed', (..._: ScreenEvents['display-metrics-changed']) => undefined);
  power.on('suspend', (..._: PowerEvents['suspend']) => undefined);
  power.on('resume', (..._: PowerEvents['resume']) => undefined);
  power.on('lock-screen', (..._: PowerEvents['lock-screen']) => undefined);
  power.on('unlock-screen', (..._: PowerEvents['unlock-screen']) => undefined);
  utility.on('message', (..._: UtilityEvents['message']) => undefined);
  utility.on('exit', (..._: UtilityEvents['exit']) => undefined);
};
