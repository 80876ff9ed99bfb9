import { failedAnswer } from '#kiosk/ipc/correlate.ts';
import type { PageConnection, Dispatcher } from '#kiosk/ipc/dispatcher.ts';
import type { Logger } from '#shared/flow/logger.ts';
import type { Random } from '#kiosk/platform/random.ts';
import { callNames, type StreamName } from '#shared/ipc/contract.ts';
import type { AnswerEnvelope, SnapshotEnvelope } from '#shared/ipc/envelope.ts';
import {
  aliveChannel,
  callChannel,
  streamChannel,
  subscribeChannel,
  takenChannel,
  unsubscribeChannel,
} from './channels.ts';
import { pageOrigin } from './page-origin.ts';

/** What is used of an IPC event: who sent it. */
export interface IpcSender {
  readonly sender: { readonly id: number };
  readonly senderFrame: { readonly origin: string; readonly parent: unknown } | null;
}

/** What is used of Electron's `ipcMain`. */
export interface IpcMainPort {
  handle(channel: string, listener: (event: IpcSender, ...args: unknown[]) => Promise<AnswerEnvelope>): void;
  removeHandler(channel: string): void;
  on(channel: string, listener: (event: IpcSender, ...args: unknown[]) => void): unknown;
  removeAllListeners(channel: string): unknown;
}

export interface Navigation {
  readonly isMainFrame: boolean;
  readonly isSameDocument: boolean;
}

/** What is used of the page's `WebContents`. */
export interface PageContents {
  readonly id: number;
  isDestroyed(): boolean;
  send(channel: string, envelope: SnapshotEnvelope): void;
  on(event: 'did-start-navigation', listener: (details: Navigation) => void): unknown;
  on(event: 'render-process-gone', listener: () => void): unknown;
}

export interface IpcServerOptions {
  readonly ipcMain: IpcMainPort;
  readonly contents: PageContents;
  readonly dispatcher: Dispatcher;
  readonly random: Random;
  readonly logger: Logger;
  /** The page said that it is alive, and whether it shows anything. */
  readonly onAlive: (showsSomething: boolean) => void;
}

/** The IPC contract over Electron IPC, for the main frame of one window's page and for nothing else. */
export const createIpcServer = (options: IpcServerOptions): { dispose(): void } => {
  const { ipcMain, contents, dispatcher, random, logger, onAlive } = options;
  const taken = new Map<StreamName, () => void>();
  let connection: PageConnection = dispatcher.connect();

  const isPage = ({ sender, senderFrame }: IpcSender): boolean =>
    sender.id === contents.id &&
    senderFrame !== null &&
    senderFrame.parent === null &&
    senderFrame.origin === pageOrigin;

  const refuse = (channel: string): AnswerEnvelope => {
    const correlationId = random.uuid();
    logger.warn('IPC refused: not the page', { channel, correlationId });
    return failedAnswer({ code: 'ipc.forbidden', params: {} }, correlationId);
  };

  /** Resolves when the page says that it has taken the snapshot: Electron itself would queue without bound. */
  const deliver = (envelope: SnapshotEnvelope): Promise<void> =>
    new Promise((resolve) => {
      taken.set(envelope.stream, resolve);
      if (!contents.isDestroyed()) contents.send(streamChannel(envelope.stream), envelope);
    });

  /** A page that was loaded again, or has gone, begins anew: nothing of the one before is answered to it. */
  const renew = (): void => {
    connection.close();
    taken.clear();
    connection = dispatcher.connect();
  };

  for (const name of callNames) {
    const channel = callChannel(name);
    ipcMain.handle(channel, async (event, ...args) =>
      isPage(event) ? connection.call(name, args.length === 1 ? args[0] : undefined) : refuse(channel),
    );
  }
  const listen = (channel: string, act: (argument: unknown) => void): void => {
    ipcMain.on(channel, (event, ...args) => {
      if (isPage(event)) act(args[0]);
      else refuse(channel);
    });
  };
  listen(subscribeChannel, (stream) => {
    if (!connection.subscribe(stream, deliver)) logger.warn('IPC refused: no such stream');
  });
  listen(unsubscribeChannel, (stream) => {
    connection.unsubscribe(stream);
  });
  listen(takenChannel, (stream) => {
    for (const [name, resolve] of taken) {
      if (name !== stream) continue;
      taken.delete(name);
      resolve();
    }
  });
  listen(aliveChannel, (showsSomething) => onAlive(showsSomething === true));
  contents.on('did-start-navigation', ({ isMainFrame, isSameDocument }) => {
    if (isMainFrame && !isSameDocument) renew();
  });
  contents.on('render-process-gone', renew);

  return {
    dispose() {
      connection.close();
      for (const name of callNames) ipcMain.removeHandler(callChannel(name));
      for (const channel of [subscribeChannel, unsubscribeChannel, takenChannel, aliveChannel]) {
        ipcMain.removeAllListeners(channel);
      }
    },
  };
};
