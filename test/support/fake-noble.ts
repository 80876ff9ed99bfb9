/** A noble without a radio: the surface that the kiosk uses, over HCI that a test answers for, or over none at all. */
import { EventEmitter } from 'node:events';
import type { Noble } from '#kiosk/radio/noble-types.ts';

export interface FakeNoble {
  readonly noble: Noble;
  /** Where packets of the adapter arrive. */
  readonly socket: EventEmitter;
}

export interface FakeNobleOptions {
  /** Without: as on a system whose own stack is used. */
  readonly hci?: { readonly readLeHostSupported: () => void };
  readonly startScanning?: () => void;
}

export const createFakeNoble = (options: FakeNobleOptions = {}): FakeNoble => {
  const socket = new EventEmitter();
  const bindings = new EventEmitter();
  if (options.hci) {
    const { readLeHostSupported } = options.hci;
    const hci = { _socket: socket, _aclQueue: [], pollIsDevUp: () => undefined, readLeHostSupported };
    Object.assign(bindings, { _hci: hci, _gap: {}, _gatts: {}, _handles: {} });
  }
  const noble = Object.assign(new EventEmitter(), {
    ...{ state: 'poweredOn', _bindings: bindings, _peripherals: {}, _services: {}, _characteristics: {} },
    ...{ _descriptors: {}, _discoveredPeripheralUUids: {} },
    startScanning: options.startScanning ?? (() => undefined),
    stopScanning: () => undefined,
  });
  return { noble, socket };
};
