import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PowerSaveBlocker, SafeStorage, Screen } from 'electron';
import type { AppDouble } from './app.ts';
import { Emitter } from './emitter.ts';
import type { Area, DisplayPart, PowerEvents, ScreenEvents } from './events.ts';

/** `screen`: can't be used before the app is ready. */
export class ScreenDouble extends Emitter<ScreenEvents> {
  readonly app: AppDouble;
  readonly displays: DisplayPart[];

  constructor(app: AppDouble) {
    super(['display-added', 'display-removed', 'display-metrics-changed']);
    this.app = app;
    const bounds = { x: 0, y: 0, ...app.options.machine };
    this.displays = [{ id: 1, bounds, workArea: bounds, scaleFactor: 1 }];
  }

  getPrimaryDisplay(): Pick<ReturnType<Screen['getPrimaryDisplay']>, keyof DisplayPart> {
    if (!this.app.isReady) {
      throw new Error("The 'screen' module can't be used before the app 'ready' event");
    }
    const [primary] = this.displays;
    if (!primary) throw new Error('a computer without a display is not what this is for');
    return primary;
  }

  /** A touch keyboard that docks takes room off the work area, and off nothing else. */
  dockKeyboard(height: number): void {
    const primary = this.getPrimaryDisplay();
    const workArea = { ...primary.bounds, height: primary.bounds.height - height };
    this.displays[0] = { ...primary, workArea };
    this.happen('display-metrics-changed', {}, this.displays[0], ['workArea']);
  }

  resize(width: number, height: number): void {
    const area: Area = { x: 0, y: 0, width, height };
    this.displays[0] = { ...this.getPrimaryDisplay(), bounds: area, workArea: area };
    this.happen('display-metrics-changed', {}, this.displays[0], ['bounds', 'workArea']);
  }

  plug(): void {
    const second: DisplayPart = { ...this.getPrimaryDisplay(), id: 2 };
    this.displays.push({ ...second, bounds: { ...second.bounds, x: second.bounds.width } });
    this.happen('display-added', {}, second);
  }
}

export class PowerMonitorDouble extends Emitter<PowerEvents> {
  constructor() {
    super(['suspend', 'resume', 'lock-screen', 'unlock-screen']);
  }
}

export class PowerSaveBlockerDouble implements Pick<PowerSaveBlocker, 'start'> {
  readonly kinds: string[] = [];

  start(type: 'prevent-app-suspension' | 'prevent-display-sleep'): number {
    return this.kinds.push(type);
  }
}

type UsedStorage =
  'isAsyncEncryptionAvailable' | 'encryptStringAsync' | 'decryptStringAsync' | 'getSelectedStorageBackend';

/** `safeStorage`: a key of the account, which outlives the process. With "basic_text" it says that it is available all the same. */
export class SafeStorageDouble implements Pick<SafeStorage, UsedStorage> {
  readonly app: AppDouble;

  constructor(app: AppDouble) {
    this.app = app;
  }

  isAsyncEncryptionAvailable(): Promise<boolean> {
    return this.app.ready.then(() => true);
  }

  getSelectedStorageBackend(): ReturnType<SafeStorage['getSelectedStorageBackend']> {
    return this.app.isReady ? this.app.options.secretStore : 'unknown';
  }

  encryptStringAsync(text: string): Promise<Buffer> {
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.key(), nonce);
    return Promise.resolve(Buffer.concat([nonce, cipher.update(text), cipher.final(), cipher.getAuthTag()]));
  }

  decryptStringAsync(encrypted: Buffer): Promise<{ shouldReEncrypt: boolean; result: string }> {
    const decipher = createDecipheriv('aes-256-gcm', this.key(), encrypted.subarray(0, 12));
    decipher.setAuthTag(encrypted.subarray(-16));
    const text = Buffer.concat([decipher.update(encrypted.subarray(12, -16)), decipher.final()]);
    return Promise.resolve({ shouldReEncrypt: false, result: text.toString() });
  }

  key(): Buffer {
    const file = join(this.app.getPath('userData'), 'account-key');
    if (!existsSync(file)) writeFileSync(file, randomBytes(32), { mode: 0o600 });
    return readFileSync(file);
  }
}
