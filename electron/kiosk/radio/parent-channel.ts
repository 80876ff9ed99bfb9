/** The radio process's way to its parent: Node's IPC when it was forked, Electron's port when it is a utility process. */
import { toRadioSchema, type FromRadio, type ToRadio } from './protocol.ts';

export interface ParentChannel {
  send(message: FromRadio): void;
  onMessage(listener: (message: ToRadio) => void): void;
  /** The parent is gone, however it went. */
  onGone(listener: () => void): void;
}

/** What Electron adds to `process` in a utility process. */
interface UtilityPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): void;
  on(event: 'close', listener: () => void): void;
}

const isUtilityPort = (candidate: unknown): candidate is UtilityPort =>
  typeof candidate === 'object' && candidate !== null && 'postMessage' in candidate && 'on' in candidate;

const utilityPort = (): UtilityPort | null => {
  const candidate: unknown = Reflect.get(process, 'parentPort');
  return isUtilityPort(candidate) ? candidate : null;
};

const parsed = (listener: (message: ToRadio) => void) => (message: unknown) => {
  const result = toRadioSchema.safeParse(message);
  if (result.success) listener(result.data);
};

/** Null when this process has no parent to talk to. */
export const openParentChannel = (): ParentChannel | null => {
  const port = utilityPort();
  if (port) {
    return {
      send: (message) => port.postMessage(message),
      onMessage: (listener) => {
        const deliver = parsed(listener);
        port.on('message', ({ data }) => deliver(data));
      },
      onGone: (listener) => port.on('close', listener),
    };
  }
  if (!process.send) return null;
  return {
    // The callback takes the error of a parent that has just gone: `disconnect` tells of it.
    send: (message) => {
      if (process.connected) process.send?.(message, () => undefined);
    },
    onMessage: (listener) => void process.on('message', parsed(listener)),
    onGone: (listener) => void process.on('disconnect', listener),
  };
};
