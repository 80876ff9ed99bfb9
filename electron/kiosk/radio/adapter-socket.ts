/**
 * The machine's own adapter on Linux, as noble knows one. Each noble has one of these; the sockets below outlive it.
 */
import { EventEmitter } from 'node:events';
import { createRequire } from 'node:module';
import { systemClock, type Clock } from '../platform/clock.ts';
import type { PacketFilter } from './advert-filter.ts';
import { opcode, opcodeOf } from './hci-events.ts';
import { h4 } from './h4-framing.ts';
import type { HciSocket } from './hci-socket.ts';
import { endKernelLinks, kernelLinks } from './kernel-links.ts';
import { AdapterSockets, named, type Bound, type NativeHciSocket } from './native-sockets.ts';

/** The kernel's own data for the adapter is heard too: it begins as no controller's does (Core 5.4, Vol 4 Part E, 5.4.2). */
const isFromHere = (packet: Buffer): boolean => packet[0] === h4.acl && ((packet[2] ?? 0) & 0x30) === 0;

export interface AdapterSocketOptions {
  readonly sockets: AdapterSockets;
  readonly clock: Clock;
  /** Handles of the links that the kernel believes in, on that adapter. */
  readonly links: (adapter: number) => readonly number[];
  /** Leaves out packets before the host has any work with them. */
  readonly filter: PacketFilter;
}

/** What noble is given: a socket of its own on the adapter. */
export class AdapterSocket extends EventEmitter implements HciSocket {
  readonly #options: AdapterSocketOptions;
  #bound: Bound | null = null;
  #callOffReset = (): void => undefined;

  constructor(options: AdapterSocketOptions) {
    super();
    this.#options = options;
  }

  bindRaw(deviceId?: number): number {
    this.#bound = this.#options.sockets.open(deviceId);
    return this.#bound.id;
  }

  bindUser(): number {
    throw new Error('only raw HCI is used');
  }

  bindControl(): number {
    throw new Error('only raw HCI is used');
  }

  start(): void {
    const pipe = this.#bound?.pipe;
    pipe?.on('data', this.#heard);
    pipe?.on('error', this.#failed);
  }

  /** For good: noble looks at its adapter once more, and would reset it under whoever has it then. */
  stop(): void {
    this.#callOffReset();
    const pipe = this.#bound?.pipe;
    pipe?.removeListener('data', this.#heard);
    pipe?.removeListener('error', this.#failed);
    this.#bound = null;
  }

  isDevUp(): boolean {
    return this.#bound !== null && !this.#bound.gone && this.#bound.pipe.isDevUp();
  }

  setFilter(): void {
    // It has its own.
  }

  write(packet: Uint8Array): void {
    const bound = this.#bound;
    if (!bound) return;
    if (opcodeOf(packet) !== opcode.reset) {
      bound.pipe.write(packet);
      return;
    }
    const { clock, links } = this.#options;
    const write = (each: Uint8Array): void => bound.pipe.write(each);
    this.#callOffReset();
    this.#callOffReset = endKernelLinks({ clock, links: () => links(bound.id), write }, () => write(packet));
  }

  readonly #heard = (packet: Buffer): void => {
    if (!isFromHere(packet) && this.#options.filter(packet)) this.emit('data', packet);
  };
  readonly #failed = (error: unknown): void => void this.emit('error', named(error));
}

const nodeRequire = createRequire(import.meta.url);
let shared: AdapterSockets | null = null;

/** A socket on the machine's own adapter. Throws where the native part is missing. */
export const openAdapterSocket = (filter: PacketFilter): HciSocket => {
  if (!shared) {
    const Native = nodeRequire(
      '@abandonware/bluetooth-hci-socket/lib/native.js',
    ) as new () => NativeHciSocket;
    shared = new AdapterSockets(() => new Native());
  }
  return new AdapterSocket({ sockets: shared, clock: systemClock, links: kernelLinks, filter });
};
