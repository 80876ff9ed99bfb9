/** What each HCI command does and how it is answered. */
import type { Connections } from './connections.ts';
import { opcode, status } from './hci/codes.ts';
import { addressBytes, addressText, u16, type Command, type ConnectionFacts } from './hci/packets.ts';
import type { AirSettings } from './settings.ts';

export type Answer =
  | { readonly kind: 'complete'; readonly status: number; readonly result?: Buffer }
  | { readonly kind: 'status'; readonly status: number }
  | { readonly kind: 'not_connected'; readonly address: string }
  | { readonly kind: 'updated'; readonly facts: ConnectionFacts };

export interface CommandPorts {
  readonly address: string;
  readonly settings: () => AirSettings;
  readonly reset: () => void;
  readonly setAdvertising: (change: {
    enabled?: boolean;
    intervalMs?: number;
    data?: Uint8Array;
    scanResponse?: Uint8Array;
  }) => void;
  readonly setScan: (change: { enabled?: boolean; active?: boolean; filterDuplicates?: boolean }) => void;
  readonly scanning: () => boolean;
  readonly initiating: () => boolean;
  readonly initiate: (target: { address: string; supervisionMs: number } | null) => void;
  readonly connections: Connections;
}

type Handler = (parameters: Buffer) => Answer[];

/** Bluetooth 5.0, so that noble takes it for a controller with Low Energy. */
const version = 0x09;

const done = (result?: Buffer): Answer[] => [
  { kind: 'complete', status: status.success, ...(result ? { result } : {}) },
];

const pending = (code: number): Answer[] => [{ kind: 'status', status: code }];

const localVersion = (): Buffer =>
  Buffer.concat([Buffer.from([version]), u16(0), Buffer.from([version]), u16(0xffff), u16(0)]);

/** A length octet, then the data in a field of 31 octets. */
const advertisingData = (parameters: Buffer): Uint8Array =>
  Uint8Array.from(parameters.subarray(1, 1 + Math.min(parameters[0] ?? 0, 31)));

export const createCommandTable = (ports: CommandPorts): ((command: Command) => Answer[]) => {
  const { connections } = ports;
  let lastTarget = '';

  const connect: Handler = (parameters) => {
    const address = addressText(parameters.subarray(6, 12));
    if (ports.initiating()) return pending(status.commandDisallowed);
    if (connections.connectedTo(address)) return pending(status.connectionExists);
    lastTarget = address;
    ports.initiate({ address, supervisionMs: parameters.readUInt16LE(19) * 10 });
    return pending(status.success);
  };

  const cancel: Handler = () => {
    if (!ports.initiating()) return [{ kind: 'complete', status: status.commandDisallowed }];
    ports.initiate(null);
    return [...done(), { kind: 'not_connected', address: lastTarget }];
  };

  const rssi: Handler = (parameters) => {
    const handle = parameters.readUInt16LE(0);
    const value = connections.rssi(handle);
    const result = Buffer.concat([u16(handle), Buffer.from([(value ?? 127) & 0xff])]);
    return [{ kind: 'complete', status: value === null ? status.unknownConnection : status.success, result }];
  };

  const update: Handler = (parameters) => {
    const facts = connections.facts(parameters.readUInt16LE(0));
    return facts
      ? [...pending(status.success), { kind: 'updated', facts }]
      : pending(status.unknownConnection);
  };

  const table = new Map<number, { readonly length: number; readonly run: Handler }>([
    [opcode.disconnect, { length: 3, run: (p) => pending(connections.close(p.readUInt16LE(0)) ? 0 : 2) }],
    [opcode.setEventMask, { length: 8, run: () => done() }],
    [opcode.reset, { length: 0, run: () => (ports.reset(), done()) }],
    [opcode.readLeHostSupported, { length: 0, run: () => done(Buffer.from([1, 0])) }],
    [opcode.writeLeHostSupported, { length: 2, run: () => done() }],
    [opcode.readLocalVersion, { length: 0, run: () => done(localVersion()) }],
    [opcode.readSupportedCommands, { length: 0, run: () => done(Buffer.alloc(64)) }],
    [opcode.readBufferSize, { length: 0, run: () => done(bufferSize()) }],
    [opcode.readAddress, { length: 0, run: () => done(addressBytes(ports.address)) }],
    [opcode.readRssi, { length: 2, run: rssi }],
    [opcode.leSetEventMask, { length: 8, run: () => done() }],
    [opcode.leReadBufferSize, { length: 0, run: () => done(leBufferSize()) }],
    [opcode.leSetAdvertisingParameters, { length: 15, run: advertisingParameters }],
    [opcode.leSetAdvertisingData, { length: 32, run: (p) => setAdvertising({ data: advertisingData(p) }) }],
    [
      opcode.leSetScanResponseData,
      { length: 32, run: (p) => setAdvertising({ scanResponse: advertisingData(p) }) },
    ],
    [opcode.leSetAdvertisingEnable, { length: 1, run: (p) => setAdvertising({ enabled: p[0] === 1 }) }],
    [opcode.leSetScanParameters, { length: 7, run: scanParameters }],
    [
      opcode.leSetScanEnable,
      { length: 2, run: (p) => setScan({ enabled: p[0] === 1, filterDuplicates: p[1] === 1 }) },
    ],
    [opcode.leCreateConnection, { length: 25, run: connect }],
    [opcode.leCancelConnection, { length: 0, run: cancel }],
    [opcode.leUpdateConnection, { length: 14, run: update }],
  ]);

  return ({ opcode: code, parameters }) => {
    const entry = table.get(code);
    if (!entry) return [{ kind: 'complete', status: status.unknownCommand }];
    if (parameters.length < entry.length) return [{ kind: 'complete', status: status.invalidParameters }];
    return entry.run(parameters);
  };

  function bufferSize(): Buffer {
    const { aclLength, aclBuffers } = ports.settings();
    return Buffer.concat([u16(aclLength), Buffer.from([0]), u16(aclBuffers), u16(0)]);
  }

  function leBufferSize(): Buffer {
    const { aclLength, aclBuffers } = ports.settings();
    return Buffer.concat([u16(aclLength), Buffer.from([aclBuffers])]);
  }

  function setAdvertising(change: Parameters<CommandPorts['setAdvertising']>[0]): Answer[] {
    ports.setAdvertising(change);
    return done();
  }

  function setScan(change: Parameters<CommandPorts['setScan']>[0]): Answer[] {
    ports.setScan(change);
    return done();
  }

  function scanParameters(parameters: Buffer): Answer[] {
    // Not while it scans (7.8.10).
    if (ports.scanning()) return [{ kind: 'complete', status: status.commandDisallowed }];
    return setScan({ active: parameters[0] === 1 });
  }

  function advertisingParameters(parameters: Buffer): Answer[] {
    // In units of 0.625 ms.
    return setAdvertising({ intervalMs: parameters.readUInt16LE(0) * 0.625 });
  }
};
