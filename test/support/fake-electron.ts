/**
 * The parts of Electron that the desktop host uses, with the quirks that matter: messages are structured clones, a channel
 * without a handler rejects, a frame that has gone is null.
 */
import { EventEmitter } from 'node:events';
import type { IpcRendererPort } from '../../electron/desktop/page-bridge.ts';
import type { IpcMainPort, IpcSender } from '../../electron/desktop/ipc-server.ts';

type Handler = Parameters<IpcMainPort['handle']>[1];

export class FakeIpcMain extends EventEmitter implements IpcMainPort {
  readonly handlers = new Map<string, Handler>();

  handle(channel: string, listener: Handler): void {
    if (this.handlers.has(channel))
      throw new Error(`Attempted to register a second handler for '${channel}'`);
    this.handlers.set(channel, listener);
  }

  removeHandler(channel: string): void {
    this.handlers.delete(channel);
  }
}

export class FakeContents extends EventEmitter {
  readonly id: number;
  /** Everything that crossed to the page, as text: for canaries. */
  readonly sent: string[] = [];
  readonly toPage = new EventEmitter();
  destroyed = false;

  constructor(id = 1) {
    super();
    this.id = id;
  }

  isDestroyed(): boolean {
    return this.destroyed;
  }

  send(channel: string, ...args: readonly unknown[]): void {
    if (this.destroyed) throw new Error('Object has been destroyed');
    const [message] = structuredClone(args);
    this.sent.push(JSON.stringify(message));
    // As in Electron, the page hears of it later, never within the call.
    setImmediate(() => this.toPage.emit(channel, {}, message));
  }
}

export interface FakeFrame {
  readonly origin: string;
  readonly parent: unknown;
}

export const pageFrame: FakeFrame = { origin: 'app://kiosk', parent: null };

/** The `ipcRenderer` of a frame of `contents`. */
export const createFakeIpcRenderer = (
  ipcMain: FakeIpcMain,
  contents: FakeContents,
  frame: FakeFrame | null = pageFrame,
): IpcRendererPort & { invokeRaw(channel: string, ...args: readonly unknown[]): Promise<unknown> } => {
  const event = (): IpcSender => ({ sender: { id: contents.id }, senderFrame: frame });
  const invokeRaw = async (channel: string, ...args: readonly unknown[]): Promise<unknown> => {
    const handler = ipcMain.handlers.get(channel);
    const cloned = structuredClone(args);
    // Messages of one page keep their order, whatever way they are sent.
    await new Promise((resolve) => setImmediate(resolve));
    if (!handler) {
      throw new Error(`Error invoking remote method '${channel}': No handler registered for '${channel}'`);
    }
    const answer = structuredClone(await handler(event(), ...cloned));
    contents.sent.push(JSON.stringify(answer));
    return answer;
  };
  return {
    invokeRaw,
    invoke: async (channel, input) => (await invokeRaw(channel, input)) as never,
    send: (channel, ...args) => {
      const cloned = structuredClone(args);
      setImmediate(() => ipcMain.emit(channel, event(), ...cloned));
    },
    on: (channel, listener) => contents.toPage.on(channel, listener),
  };
};
