/**
 * The real noble, loaded when it is needed and not before. With a socket it runs over that socket: the native HCI module's
 * place in Node's module cache is taken before noble looks for it, so `node_modules` stays untouched and no native code is
 * loaded. Without one it runs on the machine's own adapter: on Linux over a socket of ours, on Windows and macOS over the
 * system's own stack. A missing native module is an outcome here, never a crash.
 */
import type { EventEmitter } from 'node:events';
import { createRequire, Module } from 'node:module';
import { codeOf } from '#shared/errors/thrown.ts';
import { openAdapterSocket } from './adapter-socket.ts';
import { everyPacket, type PacketFilter } from './advert-filter.ts';
import type { HciSocket } from './hci-socket.ts';
import { guardPackets, type PacketGuardOptions } from './guard-packets.ts';
import { hciBindingsOf, type Noble } from './noble-types.ts';
import { answerSignals } from './signals.ts';
import { openSystemBindings } from './system-bindings.ts';
import { takeOver } from './take-over.ts';

export type LoadedNoble =
  | { readonly ok: true; readonly noble: Noble; dispose(): void }
  | { readonly ok: false; readonly state: 'no_dongle' | 'no_permission'; readonly cause: string };

type MakeNoble = (bindings: EventEmitter) => Noble;
type Bindings = new (options: object) => EventEmitter;

const socketModule = '@abandonware/bluetooth-hci-socket';

/** What `new BluetoothHciSocket()` gives next, once its place is taken. */
let nextSocket: HciSocket | null = null;

function SocketInItsPlace(): HciSocket {
  if (!nextSocket) throw new Error('no HCI socket was given');
  return nextSocket;
}

const nodeRequire = createRequire(import.meta.url);

/** noble reads these; left to an environment they switch on code paths that do not work (no ACL data, no discovery). */
const prepareEnvironment = (): void => {
  for (const name of ['HCI_CHANNEL_USER', 'NOBLE_WEBSOCKET', 'NOBLE_DISTRIBUTED']) {
    Reflect.deleteProperty(process.env, name);
  }
  // Report an advertisement when it arrives, not when its scan response has: that one may be lost.
  process.env['NOBLE_REPORT_ALL_HCI_EVENTS'] = '1';
};

let socketBindings: Bindings | null = null;

/** noble's HCI bindings with the socket's place taken: loaded once, because Node keeps modules. */
const loadSocketBindings = (): Bindings => {
  if (socketBindings) return socketBindings;
  const nobleRequire = createRequire(nodeRequire.resolve('@abandonware/noble/with-bindings'));
  const place = nobleRequire.resolve(socketModule);
  const before = nodeRequire.cache[place];
  const stand = new Module(place);
  stand.exports = SocketInItsPlace;
  stand.loaded = true;
  nodeRequire.cache[place] = stand;
  try {
    socketBindings = nobleRequire('./lib/hci-socket/bindings') as Bindings;
  } finally {
    if (before) nodeRequire.cache[place] = before;
    else Reflect.deleteProperty(nodeRequire.cache, place);
  }
  return socketBindings;
};

/** Null where the system's own stack is used, not HCI. */
const ownSocket = (filter: PacketFilter): HciSocket | null =>
  process.platform === 'linux' ? openAdapterSocket(filter) : null;

const makeBindings = (socket: HciSocket | null): EventEmitter => {
  if (!socket) return openSystemBindings();
  const Hci = loadSocketBindings();
  nextSocket = socket;
  try {
    return new Hci({});
  } finally {
    nextSocket = null;
  }
};

/** noble ends the process on SIGINT and on exit talks to links that may be gone: both are the host's business. */
const withoutProcessHandlers = (start: () => unknown): void => {
  const handlers: Pick<EventEmitter, 'listeners' | 'rawListeners' | 'removeListener'> = process;
  const events = ['SIGINT', 'exit'];
  const before = new Set(events.flatMap((event) => handlers.rawListeners(event)));
  try {
    start();
  } finally {
    for (const event of events) {
      for (const handler of handlers.listeners(event)) {
        if (!before.has(handler)) handlers.removeListener(event, handler as () => void);
      }
    }
  }
};

const permissionCodes = new Set(['EPERM', 'EACCES']);

const failureOf = (error: unknown): LoadedNoble => {
  const code = codeOf(error);
  return {
    ok: false,
    state: permissionCodes.has(code) ? 'no_permission' : 'no_dongle',
    cause: code === '' && error instanceof Error ? (error.message.split('\n')[0] ?? '') : code,
  };
};

export interface LoadNobleOptions extends PacketGuardOptions {
  /** Sets the environment that noble reads. */
  readonly prepare?: (() => void) | undefined;
  /** Leaves out packets of the machine's own adapter on Linux; a socket that is given has its own. */
  readonly filter?: PacketFilter;
}

/** Never throws. With `null` the machine's own adapter is used. Either is reset before noble's first word. */
export const loadNoble = (socket: HciSocket | null, options: LoadNobleOptions = {}): LoadedNoble => {
  try {
    (options.prepare ?? prepareEnvironment)();
    const make = nodeRequire('@abandonware/noble/with-bindings') as MakeNoble;
    const own = socket ? null : ownSocket(options.filter ?? everyPacket);
    const noble = make(makeBindings(socket ?? own));
    noble.on('warning', ignoreWarning);
    const bindings = hciBindingsOf(noble);
    guardPackets(bindings?._hci, options);
    takeOver(bindings?._hci);
    // Elsewhere noble answers by itself, and takes what it is asked for.
    if (bindings && socket && process.platform === 'linux') answerSignals(bindings);
    // Reading the state starts the bindings.
    withoutProcessHandlers(() => noble.state);
    return { ok: true, noble, dispose: () => disposeNoble(noble, own) };
  } catch (error) {
    return failureOf(error);
  }
};

/** With a listener of its own noble does not print its warnings; each has a consequence that is handled where it shows. */
const ignoreWarning = (): void => undefined;

const disposeNoble = (noble: Noble, own: HciSocket | null): void => {
  own?.stop();
  noble.removeAllListeners();
  noble.on('warning', ignoreWarning);
  noble._bindings.removeAllListeners();
  const hci = hciBindingsOf(noble)?._hci;
  if (!hci) return;
  // It looks for its adapter every second for ever; this was the last time.
  hci.pollIsDevUp = () => undefined;
  hci._socket.removeAllListeners();
};
