/** A noble without a radio: the surface that the kiosk uses, over HCI that a test answers for, or over none at all. */
import { EventEmitter } from 'node:events';
import type { HciSocket } from '#kiosk/radio/hci-socket.ts';
import type { Noble } from '#kiosk/radio/noble-types.ts';

export interface FakeNoble {
  readonly noble: Noble;
  /** Where packets of the adapter arrive, and commands for it leave. */
  readonly socket: HciSocket;
}

export interface FakeNobleOptions {
  /** Without: as on a system whose own stack is used. */
  readonly hci?: {
    readonly readLeHostSupported?: () => void;
    /** Each command that leaves. */
    readonly onCommand?: (opcode: number, parameters: Uint8Array) => void;
  };
}

/** As noble starts a scan: it stops, says how to listen, and starts. */
const scanCommands = [
  [0x0c, 0x20, 2, 0, 1],
  [0x0b, 0x20, 7, 1, 0x12, 0, 0x12, 0, 0, 0],
  [0x0c, 0x20, 2, 1, 0],
];

export const createFakeNoble = (options: FakeNobleOptions = {}): FakeNoble => {
  const socket: HciSocket = Object.assign(new EventEmitter(), {
    bindRaw: () => 0,
    bindUser: () => 0,
    bindControl: () => 0,
    start: () => undefined,
    stop: () => undefined,
    isDevUp: () => true,
    setFilter: () => undefined,
    write: (packet: Uint8Array) =>
      options.hci?.onCommand?.((packet[1] ?? 0) | ((packet[2] ?? 0) << 8), packet.subarray(4)),
  });
  const send = (command: readonly number[]): void => socket.write(Uint8Array.from([1, ...command]));
  const bindings = new EventEmitter();
  if (options.hci) {
    const readLeHostSupported = options.hci.readLeHostSupported ?? (() => undefined);
    const hci = { _socket: socket, _aclQueue: [], pollIsDevUp: () => undefined, readLeHostSupported };
    Object.assign(bindings, { _hci: hci, _gap: {}, _gatts: {}, _handles: {} });
  }
  const noble = Object.assign(new EventEmitter(), {
    state: 'poweredOn',
    _bindings: bindings,
    _peripherals: {},
    _services: {},
    _characteristics: {},
    _descriptors: {},
    _discoveredPeripheralUUids: {},
    startScanning: () => scanCommands.forEach(send),
    stopScanning: () => send([0x0c, 0x20, 2, 0, 1]),
  });
  return { noble, socket };
};
