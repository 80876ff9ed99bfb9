/**
 * The real bleno, given a virtual controller instead of its native socket. bleno exports one instance for one adapter; its
 * classes are reached through that instance, so that every lock gets a bleno of its own. `node_modules` stays untouched:
 * the socket's place in Node's module cache is taken before bleno looks for it, and no native code is loaded.
 */
import { createRequire, Module } from 'node:module';
import type { EventEmitter } from 'node:events';
import { VirtualHciSocket } from './hci-socket.ts';

export interface BlenoCharacteristicOptions {
  readonly uuid: string;
  readonly properties: readonly string[];
  readonly onReadRequest?: (offset: number, answer: (result: number, data?: Buffer) => void) => void;
  readonly onWriteRequest?: (
    data: Buffer,
    offset: number,
    withoutResponse: boolean,
    answer: (result: number) => void,
  ) => void;
  readonly onSubscribe?: (maxValueSize: number, update: (data: Buffer) => void) => void;
  readonly onUnsubscribe?: () => void;
}

/** One characteristic or service made by bleno: opaque, only handed back to it. */
export type BlenoAttribute = EventEmitter;

export interface BlenoBindings extends EventEmitter {
  readonly _hci: {
    pollIsDevUp: () => void;
    setSocketFilter(): void;
    initDev(): void;
    setAdvertisingData(data: Buffer): void;
    setScanResponseData(data: Buffer): void;
  };
  init(): void;
  setServices(services: readonly BlenoAttribute[]): void;
  startAdvertisingWithEIRData(advertising: Buffer, scanResponse: Buffer): void;
  stopAdvertising(): void;
}

export interface Bleno {
  /** A bleno of its own over that socket. */
  open(socket: VirtualHciSocket): BlenoBindings;
  characteristic(options: BlenoCharacteristicOptions): BlenoAttribute;
  service(uuid: string, characteristics: readonly BlenoAttribute[]): BlenoAttribute;
}

interface Constructors {
  readonly Bindings: new () => BlenoBindings;
  readonly Characteristic: new (options: BlenoCharacteristicOptions) => BlenoAttribute;
  readonly PrimaryService: new (options: {
    uuid: string;
    characteristics: readonly BlenoAttribute[];
  }) => BlenoAttribute;
}

const socketModule = '@abandonware/bluetooth-hci-socket';

/** What `new BluetoothHciSocket()` gives next. */
let nextSocket = (): VirtualHciSocket => new VirtualHciSocket(null);

function SocketInItsPlace(): VirtualHciSocket {
  return nextSocket();
}

const load = (): Constructors => {
  const nodeRequire = createRequire(import.meta.url);
  const blenoRequire = createRequire(nodeRequire.resolve('@abandonware/bleno/lib/hci-socket/bindings'));
  const place = blenoRequire.resolve(socketModule);
  const before = nodeRequire.cache[place];
  const stand = new Module(place);
  stand.exports = SocketInItsPlace;
  stand.loaded = true;
  nodeRequire.cache[place] = stand;
  try {
    const singleton = blenoRequire('./bindings') as object;
    return {
      Bindings: singleton.constructor as Constructors['Bindings'],
      Characteristic: blenoRequire('../characteristic') as Constructors['Characteristic'],
      PrimaryService: blenoRequire('../primary-service') as Constructors['PrimaryService'],
    };
  } finally {
    if (before) nodeRequire.cache[place] = before;
    else Reflect.deleteProperty(nodeRequire.cache, place);
  }
};

let loaded: Constructors | null = null;

export const loadBleno = (): Bleno => {
  loaded ??= load();
  const { Bindings, Characteristic, PrimaryService } = loaded;
  return {
    open: (socket) => {
      nextSocket = () => socket;
      return new Bindings();
    },
    characteristic: (options) => new Characteristic(options),
    service: (uuid, characteristics) => new PrimaryService({ uuid, characteristics }),
  };
};
