import { readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import type { WebContents } from 'electron';
import type { PageApi } from '#shared/ipc/page-api.ts';
import { pageApiKey } from '#shared/ipc/page-api.ts';
import { createFakeIpcRenderer, FakeContents, type FakeFrame, type FakeIpcMain } from '../fake-electron.ts';
import { Emitter, preventable } from './emitter.ts';
import type { ContentsEvents, KeyPress } from './events.ts';
import type { ProtocolDouble } from './session.ts';

/** What stands behind every page. */
export interface Engine {
  readonly ipcMain: FakeIpcMain;
  readonly protocol: ProtocolDouble;
}

type Used =
  | 'id'
  | 'isDestroyed'
  | 'setWindowOpenHandler'
  | 'setVisualZoomLevelLimits'
  | 'setIgnoreMenuShortcuts'
  | 'forcefullyCrashRenderer'
  | 'loadURL'
  | 'send';
type OpenHandler = Parameters<WebContents['setWindowOpenHandler']>[0];

let made = 0;

/** `webContents`, with a page in it that runs the built preload script. Left alone it goes wherever its page asks to go. */
export class ContentsDouble extends Emitter<ContentsEvents> implements Pick<WebContents, Used> {
  readonly engine: Engine;
  readonly preload: string | null;
  readonly onFirstPaint: () => void;
  readonly wire: FakeContents;
  readonly id: number;
  url = '';
  page: PageApi | null = null;
  /** What the page shows; empty is a page that is blank. */
  text = 'Latchpoint';
  /** Under which names the preload script gave the page something. */
  readonly exposed = new Set<string>();
  heartbeat: NodeJS.Timeout | null = null;
  openHandler: OpenHandler | null = null;
  menuShortcutsIgnored = false;
  zoomLimits: readonly number[] | null = null;
  loads = 0;

  constructor(engine: Engine, preload: string | null, onFirstPaint: () => void) {
    super([
      'will-frame-navigate',
      'will-redirect',
      'will-attach-webview',
      'select-bluetooth-device',
      'login',
      'did-start-navigation',
      'did-fail-load',
      'render-process-gone',
      'before-input-event',
    ]);
    this.engine = engine;
    this.preload = preload;
    this.onFirstPaint = onFirstPaint;
    this.id = made += 1;
    this.wire = new FakeContents(this.id);
  }

  isDestroyed(): boolean {
    return this.wire.destroyed;
  }

  destroy(): void {
    this.endPage();
    this.wire.destroyed = true;
  }

  send(channel: string, ...args: readonly unknown[]): void {
    this.wire.send(channel, ...args);
  }

  setWindowOpenHandler(handler: OpenHandler): void {
    this.openHandler = handler;
  }

  setIgnoreMenuShortcuts(ignore: boolean): void {
    this.menuShortcutsIgnored = ignore;
  }

  setVisualZoomLevelLimits(least: number, most: number): Promise<void> {
    this.zoomLimits = [least, most];
    return Promise.resolve();
  }

  /** An address that nobody serves fails twice: by its event, and by the promise. A page that is not found is a page. */
  async loadURL(url: string): Promise<void> {
    if (this.isDestroyed()) throw new TypeError('Object has been destroyed');
    this.happen('did-start-navigation', { isMainFrame: true, isSameDocument: false });
    this.endPage();
    const answer = await this.engine.protocol.answer(url).catch(() => null);
    if (answer === null) {
      this.happen('did-fail-load', {}, -2, 'ERR_FAILED', url, true);
      throw new Error(`ERR_FAILED (-2) loading '${url}'`);
    }
    this.url = url;
    this.loads += 1;
    if (this.preload !== null) this.runPreload(this.preload, new URL(url));
    if (this.loads === 1) setImmediate(this.onFirstPaint);
  }

  /** The process ends later than the call, and says so then. */
  forcefullyCrashRenderer(): void {
    setImmediate(() => this.crash('killed'));
  }

  crash(reason: string): void {
    this.endPage();
    this.happen('render-process-gone', {}, { reason, exitCode: 9 });
  }

  /** Whether what a page wants of its window happens: nothing prevented it. */
  wants(
    event: 'will-frame-navigate' | 'will-redirect' | 'will-attach-webview' | 'login',
    url: string,
  ): boolean {
    const asked = preventable({ url, isMainFrame: true });
    this.happen(event, asked);
    return !asked.defaultPrevented;
  }

  opens(url: string): string {
    return this.openHandler?.({ url } as Parameters<OpenHandler>[0]).action ?? 'allow';
  }

  /** Whether a key reaches the page. */
  press(input: KeyPress): boolean {
    const asked = preventable({});
    this.happen('before-input-event', asked, input);
    return !asked.defaultPrevented;
  }

  endPage(): void {
    if (this.heartbeat) clearInterval(this.heartbeat);
    this.heartbeat = null;
    this.page = null;
    this.wire.toPage.removeAllListeners();
  }

  runPreload(file: string, { protocol, host }: URL): void {
    const frame: FakeFrame = { origin: `${protocol}//${host}`, parent: null };
    const ipcRenderer = createFakeIpcRenderer(this.engine.ipcMain, this.wire, frame);
    const exposeInMainWorld = (key: string, api: PageApi): void => {
      this.exposed.add(key);
      if (key === pageApiKey) this.page = api;
    };
    const body = (): { innerText: string } => ({ innerText: this.text });
    runInNewContext(readFileSync(file, 'utf8'), {
      require: () => ({ contextBridge: { exposeInMainWorld }, ipcRenderer }),
      module: {},
      exports: {},
      setInterval: (act: () => void, ms: number) => (this.heartbeat = setInterval(act, ms)),
      document: {
        get body() {
          return body();
        },
      },
    });
  }
}
