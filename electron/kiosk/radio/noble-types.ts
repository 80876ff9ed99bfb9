/** What the kiosk uses of noble 1.9.2-26: its public classes, and below them the parts of its HCI bindings it has to reach. */
import type { EventEmitter } from 'node:events';
import type { HciSocket } from './hci-socket.ts';

export interface NobleAdvertisement {
  readonly manufacturerData?: Buffer | undefined;
  readonly serviceData?: readonly { readonly uuid: string; readonly data: Buffer }[] | undefined;
}

export interface NobleCharacteristic extends EventEmitter {
  readonly uuid: string;
  /** No data where the system's own bindings were refused. */
  read(callback: (error: unknown, data: Buffer | undefined) => void): void;
  write(data: Buffer, withoutResponse: boolean, callback: (error: unknown) => void): void;
  subscribe(callback: (error: unknown) => void): void;
}

export interface ConnectParameters {
  /** Units of 1.25 ms. */
  readonly minInterval: number;
  readonly maxInterval: number;
  readonly latency: number;
  /** Supervision timeout, in units of 10 ms. */
  readonly timeout: number;
}

export interface NoblePeripheral extends EventEmitter {
  readonly id: string;
  readonly address: string;
  readonly rssi: number;
  readonly mtu: number | null;
  /** Not told by every system. */
  readonly connectable?: boolean;
  readonly state: 'disconnected' | 'connecting' | 'connected' | 'disconnecting' | 'error';
  readonly advertisement: NobleAdvertisement;
  connect(parameters: ConnectParameters): void;
  cancelConnect(): void;
  disconnect(): void;
  discoverSomeServicesAndCharacteristics(
    services: readonly string[],
    characteristics: readonly string[],
    callback: (error: unknown, services: unknown, characteristics: readonly NobleCharacteristic[]) => void,
  ): void;
}

export interface Noble extends EventEmitter {
  /** Reading it starts the bindings, which may throw. */
  readonly state: string;
  readonly _bindings: EventEmitter;
  readonly _peripherals: Record<string, NoblePeripheral>;
  readonly _services: Record<string, unknown>;
  readonly _characteristics: Record<string, unknown>;
  readonly _descriptors: Record<string, unknown>;
  readonly _discoveredPeripheralUUids: Record<string, unknown>;
  startScanning(services: readonly string[], allowDuplicates: boolean): void;
  stopScanning(): void;
}

export type AclListener = (channel: number, data: Buffer) => void;

/** One link's ATT bearer inside the HCI bindings: requests queue, one is outstanding. */
export interface NobleGatt extends EventEmitter {
  _mtu: number;
  /** With 'medium' a refusal is an answer; with 'low' some of them begin a pairing. */
  _security: 'low' | 'medium';
  readonly _aclStream: EventEmitter & { _smp: { readonly onAclStreamDataBinded: AclListener } };
  readonly _currentCommand: { callback: ((answer: Buffer) => void) | null } | null;
  /** Takes each packet of the link; what `_aclStream` calls. */
  onAclStreamDataBinded: AclListener;
  _queueCommand(request: Buffer, onAnswer: (answer: Buffer) => void): void;
  /** Past the queue: for commands, which need no answer. */
  writeAtt(pdu: Buffer): void;
}

export interface NobleHciBindings extends EventEmitter {
  readonly _hci: {
    readonly _socket: HciSocket;
    readonly _aclQueue: readonly { readonly handle: number }[];
    /** Takes each packet of the socket; bound to it when the bindings start. */
    onSocketData: (packet: Buffer) => void;
    /** What has arrived of a packet that comes in several, by connection; `length` is what its beginning announced. */
    readonly _handleBuffers: Record<number, { readonly length: number; readonly data: Buffer } | undefined>;
    address?: string;
    addressType?: string;
    pollIsDevUp: () => void;
    on(event: 'aclDataPkt', listener: (handle: number, channel: number, data: Buffer) => void): void;
    writeAclDataPkt(handle: number, channel: number, data: Buffer): Promise<void>;
    readBufferSize(): void;
    /** Bytes of one data packet, and how many the controller holds. */
    setAclBuffers(length: number, count: number): void;
    /** Changes nothing, and is answered in any state. */
    readLeHostSupported(): void;
  };
  readonly _gap: { readonly _discoveries: Record<string, unknown> };
  readonly _gatts: Record<string, NobleGatt | undefined>;
  readonly _handles: Record<string, number | undefined>;
  readonly _addresses: Record<string, unknown>;
  readonly _addresseTypes: Record<string, unknown>;
  readonly _connectable: Record<string, unknown>;
  readonly scannable: Record<string, unknown>;
}

const hasHciParts = (bindings: object): bindings is NobleHciBindings =>
  '_hci' in bindings && '_gap' in bindings && '_gatts' in bindings && '_handles' in bindings;

/** The HCI bindings below a noble; null on Windows and macOS, where the system's own stack is used. */
export const hciBindingsOf = (noble: Noble): NobleHciBindings | null =>
  hasHciParts(noble._bindings) ? noble._bindings : null;
