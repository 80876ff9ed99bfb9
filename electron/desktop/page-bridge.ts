import { callNames, streamNames, type CallName, type StreamName } from '#shared/ipc/contract.ts';
import type { AnswerEnvelope, SnapshotEnvelope } from '#shared/ipc/envelope.ts';
import { mapNames, type PageApi } from '#shared/ipc/page-api.ts';
import {
  callChannel,
  streamChannel,
  subscribeChannel,
  takenChannel,
  unsubscribeChannel,
} from './channels.ts';

/** What is used of Electron's `ipcRenderer`. */
export interface IpcRendererPort {
  invoke(channel: string, input: unknown): Promise<AnswerEnvelope>;
  send(channel: string, stream: StreamName): void;
  on(channel: string, listener: (event: unknown, envelope: SnapshotEnvelope) => void): unknown;
}

type Listener = (envelope: SnapshotEnvelope) => void;

/**
 * The page's API over Electron IPC: one function per call and per stream, no way to name a channel. The bundle of the preload script
 * holds the contract's names in place of the contract (`vite.config.ts`).
 */
export const createPageBridge = (ipc: IpcRendererPort): PageApi => {
  // The core is the same process that made this page: when its answer is lost, so is the page.
  const gone: AnswerEnvelope = {
    ok: false,
    error: { code: 'ipc.disconnected', params: {} },
    correlationId: '',
  };
  const call = (name: CallName) => (input: unknown) => ipc.invoke(callChannel(name), input).catch(() => gone);

  const stream = (name: StreamName) => {
    const listeners = new Set<Listener>();
    let latest: SnapshotEnvelope | null = null;
    ipc.on(streamChannel(name), (_event, envelope) => {
      latest = envelope;
      for (const listener of listeners) listener(envelope);
      ipc.send(takenChannel, name);
    });
    return (listener: Listener): (() => void) => {
      // A function of its own each time: the page may subscribe the same one twice.
      const own: Listener = (envelope) => listener(envelope);
      listeners.add(own);
      if (listeners.size === 1) ipc.send(subscribeChannel, name);
      else if (latest) own(latest);
      return () => {
        if (!listeners.delete(own) || listeners.size > 0) return;
        latest = null;
        ipc.send(unsubscribeChannel, name);
      };
    };
  };

  return { calls: mapNames(callNames, call), streams: mapNames(streamNames, stream) };
};
