import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { App } from 'electron';
import { codeOf } from '#shared/errors/thrown.ts';
import { Emitter, preventable } from './emitter.ts';
import type { AppEvents } from './events.ts';
import type { DoubleOptions, Journal } from './options.ts';

type Used =
  | 'isPackaged'
  | 'enableSandbox'
  | 'getPath'
  | 'getVersion'
  | 'whenReady'
  | 'requestSingleInstanceLock'
  | 'exit'
  | 'quit';

/**
 * `app`. Ready comes later than the program's first turn. A second instance is told by a signal to the first; the first hears of
 * it only once it is ready. `exit` asks nobody and tells nobody; `quit` asks.
 */
export class AppDouble extends Emitter<AppEvents> implements Pick<App, Used> {
  readonly isPackaged: boolean;
  readonly options: DoubleOptions;
  readonly journal: Journal;
  isReady = false;
  sandboxed = false;
  /** Closes every window with its event; set by the windows. */
  closeWindows = (): boolean => true;
  readonly ready: Promise<void>;

  constructor(options: DoubleOptions, journal: Journal) {
    super([
      'web-contents-created',
      'select-client-certificate',
      'before-quit',
      'child-process-gone',
      'second-instance',
      'window-all-closed',
    ]);
    this.options = options;
    this.journal = journal;
    this.isPackaged = options.isPackaged;
    this.ready = new Promise((resolve) =>
      setImmediate(() => {
        this.isReady = true;
        journal.note('ready');
        resolve();
      }),
    );
  }

  whenReady(): Promise<void> {
    return this.ready;
  }

  enableSandbox(): void {
    if (this.isReady) throw new Error('app.enableSandbox() can only be called before app is ready');
    this.sandboxed = true;
    this.journal.note('app.enableSandbox');
  }

  getPath(name: Parameters<App['getPath']>[0]): string {
    const folder = name === 'userData' ? this.options.profile : join(this.options.profile, name);
    mkdirSync(folder, { recursive: true });
    return folder;
  }

  /** Of the program's own package.json. */
  getVersion(): string {
    return '0.0.0-double';
  }

  requestSingleInstanceLock(): boolean {
    const lock = join(this.getPath('userData'), 'SingletonLock');
    for (;;) {
      try {
        writeFileSync(lock, String(process.pid), { flag: 'wx' });
        break;
      } catch (error) {
        if (codeOf(error) !== 'EEXIST') throw error;
        const first = Number(readFileSync(lock, 'utf8'));
        if (tellRunning(first)) return false;
        rmSync(lock, { force: true });
      }
    }
    process.on('exit', () => rmSync(lock, { force: true }));
    process.on('SIGUSR2', () => void this.ready.then(() => this.happen('second-instance', {}, [], '/')));
    return true;
  }

  exit(code = 0): void {
    this.journal.note(`app.exit ${code}`);
    process.exit(code);
  }

  quit(): void {
    const asked = preventable({});
    this.happen('before-quit', asked);
    if (!asked.defaultPrevented && this.closeWindows()) process.exit(0);
  }

  /** As Electron does it: whoever does not listen ends with the last window. */
  lastWindowClosed(): void {
    if (this.isHeard('window-all-closed')) this.happen('window-all-closed');
    else this.quit();
  }
}

/** A lock whose process has gone is nobody's. */
const tellRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 'SIGUSR2');
    return true;
  } catch {
    return false;
  }
};
