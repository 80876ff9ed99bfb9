import type { BrowserWindow, BrowserWindowConstructorOptions } from 'electron';
import type { AppDouble } from './app.ts';
import { ContentsDouble } from './contents.ts';
import type { Engine } from './contents.ts';
import { Emitter, preventable, strict } from './emitter.ts';
import type { Area, WindowEvents } from './events.ts';

type Used = 'setKiosk' | 'setAlwaysOnTop' | 'setBounds' | 'restore' | 'focus' | 'show' | 'isDestroyed';

/** `BrowserWindow`: none before the app is ready; one whose close is not prevented is destroyed, and says so after. */
export class WindowDouble extends Emitter<WindowEvents> implements Pick<BrowserWindow, Used> {
  readonly options: BrowserWindowConstructorOptions;
  readonly webContents: ContentsDouble;
  bounds: Partial<Area>;
  kiosk: boolean;
  onTop: string | null;
  visible: boolean;
  destroyed = false;
  /** How often it took the focus from whatever had it. */
  focused = 0;

  constructor(app: AppDouble, engine: Engine, options: BrowserWindowConstructorOptions) {
    super([
      'close',
      'closed',
      'ready-to-show',
      'leave-full-screen',
      'minimize',
      'unresponsive',
      'responsive',
    ]);
    if (!app.isReady) throw new Error('Cannot create BrowserWindow before app is ready');
    this.options = options;
    this.bounds = { width: options.width ?? 800, height: options.height ?? 600 };
    this.kiosk = options.kiosk ?? false;
    this.onTop = options.alwaysOnTop === true ? 'floating' : null;
    this.visible = options.show ?? true;
    const preload = options.webPreferences?.preload ?? null;
    const contents = new ContentsDouble(engine, preload, () => this.happen('ready-to-show'));
    this.webContents = strict('webContents', contents);
    app.happen('web-contents-created', {}, this.webContents);
  }

  isDestroyed(): boolean {
    return this.destroyed;
  }

  setKiosk(on: boolean): void {
    this.insistOnLife();
    this.kiosk = on;
  }

  setAlwaysOnTop(on: boolean, level = 'floating'): void {
    this.insistOnLife();
    this.onTop = on ? level : null;
  }

  setBounds(bounds: Partial<Area>): void {
    this.insistOnLife();
    this.bounds = { ...this.bounds, ...bounds };
  }

  restore(): void {
    this.insistOnLife();
  }

  focus(): void {
    this.insistOnLife();
    this.focused += 1;
  }

  show(): void {
    this.insistOnLife();
    this.visible = true;
  }

  /** A person, or the system, asks for the window's end. Answers whether it has ended. */
  close(): boolean {
    const event = preventable({});
    this.happen('close', event);
    if (event.defaultPrevented) return false;
    this.destroyed = true;
    this.webContents.destroy();
    this.happen('closed');
    return true;
  }

  insistOnLife(): void {
    if (this.destroyed) throw new TypeError('Object has been destroyed');
  }
}
