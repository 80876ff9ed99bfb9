/** What a test does to the host by way of the double: each an act of a person, of the page, of the system or of an attacker. */
import { aliveChannel } from '../../../electron/desktop/channels.ts';
import { createFakeIpcRenderer, FakeContents, pageFrame, type FakeFrame } from '../fake-electron.ts';
import { preventable } from './emitter.ts';
import { double } from './electron.ts';
import type { KeyPress, PowerEvents } from './events.ts';
import type { WindowDouble } from './window.ts';

const windowOf = (): WindowDouble => {
  const [window] = double.windows;
  if (!window) throw new Error('there is no window');
  return window;
};

/** Who sends: a frame, or null for one that has gone; in another window where `elsewhere`. */
interface Sender {
  readonly channel: string;
  readonly input: unknown;
  readonly frame: FakeFrame | null;
  readonly elsewhere?: boolean;
}

const acts = {
  state: () => {
    const [window] = double.windows;
    return {
      journal: double.journal.all,
      sandboxed: double.app.sandboxed,
      privileges: double.protocol.privileged.get('app') ?? null,
      blockers: double.powerSaveBlocker.kinds,
      spellChecks: double.session.ofDefault.spellChecks,
      windows: double.windows.length,
      preferences: window?.options.webPreferences ?? null,
      window: window && {
        bounds: window.bounds,
        kiosk: window.kiosk,
        onTop: window.onTop,
        visible: window.visible,
        focused: window.focused,
        url: window.webContents.url,
        loads: window.webContents.loads,
        hasPage: window.webContents.page !== null,
        menuShortcutsIgnored: window.webContents.menuShortcutsIgnored,
        zoomLimits: window.webContents.zoomLimits,
      },
    };
  },
  apiOfPage: () => {
    const { page } = windowOf().webContents;
    const exposed = [...windowOf().webContents.exposed];
    return { exposed, calls: Object.keys(page?.calls ?? {}), streams: Object.keys(page?.streams ?? {}) };
  },
  call: ({ name, input }: { readonly name: 'touch' | 'registerKiosk'; readonly input: unknown }) => {
    const { page } = windowOf().webContents;
    if (!page) throw new Error('there is no page');
    return page.calls[name](input);
  },
  snapshot: () =>
    new Promise((resolve) => {
      const stop = windowOf().webContents.page?.streams.kiosk((envelope) => {
        setImmediate(() => stop?.());
        resolve(envelope);
      });
    }),
  send: ({ channel, input, frame, elsewhere }: Sender) => {
    const own = windowOf().webContents.wire;
    const wire = elsewhere === true ? new FakeContents(own.id + 1) : own;
    return createFakeIpcRenderer(double.ipcMain, wire, frame).invokeRaw(channel, input);
  },
  /** The page says that it is alive, and is heard. */
  beat: () => {
    const { id } = windowOf().webContents.wire;
    double.ipcMain.emit(aliveChannel, { sender: { id }, senderFrame: pageFrame }, true);
  },
  goTo: ({ how, url }: { readonly how: 'will-frame-navigate' | 'will-redirect'; readonly url: string }) =>
    windowOf().webContents.wants(how, url),
  open: ({ url }: { readonly url: string }) => windowOf().webContents.opens(url),
  attach: ({ what }: { readonly what: 'will-attach-webview' | 'login' }) =>
    windowOf().webContents.wants(what, ''),
  chooseBluetooth: () => {
    const asked = preventable({});
    windowOf().webContents.happen('select-bluetooth-device', asked, [], () => undefined);
    return !asked.defaultPrevented;
  },
  ask: ({ permission, partition }: { readonly permission: string; readonly partition?: string }) =>
    (partition === undefined ? double.session.ofDefault : double.session.fromPartition(partition)).asks(
      permission,
    ),
  download: ({ url, name }: { readonly url: string; readonly name: string }) =>
    double.session.ofDefault.download(url, name),
  get: async ({ url, method }: { readonly url: string; readonly method?: string }) => {
    const answer = await double.protocol.answer(url, method);
    return answer && { status: answer.status, headers: Object.fromEntries(answer.headers) };
  },
  certificate: () => {
    let sent = 'first';
    const asked = preventable({});
    double.app.happen(
      'select-client-certificate',
      asked,
      {},
      'https://x.example',
      [{ issuerName: 'x' }],
      () => {
        sent = 'none';
      },
    );
    return asked.defaultPrevented ? sent : 'first';
  },
  press: (input: KeyPress) => windowOf().webContents.press(input),
  close: () => windowOf().close(),
  quit: () => double.app.quit(),
  leaveFullScreen: () => {
    const window = windowOf();
    window.kiosk = false;
    window.happen('leave-full-screen');
  },
  power: ({ event }: { readonly event: keyof PowerEvents }) => double.powerMonitor.happen(event),
  dockKeyboard: ({ height }: { readonly height: number }) => double.screen.dockKeyboard(height),
  resize: ({ width, height }: { readonly width: number; readonly height: number }) =>
    double.screen.resize(width, height),
  plug: () => double.screen.plug(),
  crash: ({ reason }: { readonly reason: string }) => windowOf().webContents.crash(reason),
  hang: () => windowOf().happen('unresponsive'),
  blank: () => {
    windowOf().webContents.text = '';
  },
  reject: () => void Promise.reject(new Error('nobody foresaw this')),
} as const;

export type Acts = typeof acts;
export type ActName = keyof Acts;
export type ActInput<Name extends ActName> = Parameters<Acts[Name]>[0];
export type ActResult<Name extends ActName> = Awaited<ReturnType<Acts[Name]>>;

/** Does what a message of the test asks for. Rejects for a name that there is none of. */
export const act = (name: string, input: unknown): Promise<unknown> => {
  const all: Readonly<Record<string, (input: never) => unknown>> = acts;
  const one = all[name];
  if (!one) return Promise.reject(new Error(`no such act: ${name}`));
  return Promise.resolve().then(() => one(input as never));
};
