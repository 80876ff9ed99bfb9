/** A controller that is reached over TCP, in the clothes of the native HCI socket. */
import { EventEmitter } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Clock } from '../platform/clock.ts';
import { everyPacket, isAdvert, type PacketFilter } from './advert-filter.ts';
import { createCommandQueue, type CommandQueue } from './command-queue.ts';
import { createH4Deframer } from './h4-framing.ts';
import { opcodeOf } from './hci-events.ts';
import type { HciSocket } from './hci-socket.ts';
import { RadioError } from './port.ts';

export interface H4Socket extends HciSocket {
  /** Resolves when the connection is gone, by whomever: the dongle is out. */
  readonly closed: Promise<void>;
  close(): void;
}

export interface H4Options {
  /** `host:port`, an IPv6 host in brackets. */
  readonly address: string;
  /** Milliseconds until the controller must have accepted. */
  readonly timeoutMs: number;
  readonly clock: Clock;
  /** Leaves out packets before the host has any work with them. */
  readonly filter?: PacketFilter;
}

class TcpHciSocket extends EventEmitter implements H4Socket {
  readonly closed: Promise<void>;
  readonly #tcp: Socket;
  readonly #incoming: Buffer[] = [];
  readonly #commands: CommandQueue;
  #pumping = false;

  constructor(tcp: Socket, wants: PacketFilter) {
    super();
    this.#tcp = tcp;
    this.#commands = createCommandQueue((command) => this.#send(command));
    this.closed = new Promise((resolve) => {
      tcp.once('close', () => {
        this.emit('state');
        resolve();
      });
    });
    const deframe = createH4Deframer((packet) => {
      this.#commands.heard(packet);
      if (!wants(packet)) return;
      this.#incoming.push(packet);
      this.#arm();
    });
    tcp.on('data', (chunk) => {
      if (!deframe(chunk)) tcp.destroy();
    });
  }

  bindRaw(): number {
    return 0;
  }

  bindUser(): number {
    return 0;
  }

  bindControl(): number {
    return 0;
  }

  start(): void {
    // The stream flows from the beginning.
  }

  stop(): void {
    this.removeAllListeners();
  }

  isDevUp(): boolean {
    return !this.#tcp.destroyed;
  }

  setFilter(): void {
    // A kernel shares one controller among programs and filters; here it is ours alone.
  }

  write(packet: Uint8Array): void {
    if (opcodeOf(packet) === null) this.#send(packet);
    else this.#commands.push(packet);
  }

  close(): void {
    this.#tcp.destroy();
  }

  #send(packet: Uint8Array): void {
    if (!this.#tcp.destroyed) this.#tcp.write(packet);
  }

  #arm(): void {
    if (this.#pumping) return;
    this.#pumping = true;
    setImmediate(() => this.#pump());
  }

  /**
   * noble finishes the handling of a packet in microtasks. Were the next packet (say, a disconnection) handed over before
   * that, it would write to a link that is gone and reject where no one listens. Reports of adverts have no such tail.
   */
  #pump(): void {
    for (;;) {
      const packet = this.#incoming.shift();
      if (!packet) break;
      this.emit('data', packet);
      if (!isAdvert(packet)) break;
    }
    this.#pumping = false;
    if (this.#incoming.length > 0) this.#arm();
  }
}

/** Rejects with `RadioError('no_dongle')` when nobody accepts in time. */
export const connectH4 = ({ address, timeoutMs, clock, filter }: H4Options): Promise<H4Socket> => {
  const { hostname, port } = new URL(`tcp://${address}`);
  const host = hostname.replace(/^\[|\]$/g, '');
  return new Promise((resolve, reject) => {
    const tcp = connect({ host, port: Number(port) });
    const give = (cause?: Error): void => {
      cancel();
      tcp.destroy();
      reject(new RadioError('no_dongle', { cause }));
    };
    const cancel = clock.after(timeoutMs, give);
    tcp.once('error', give);
    tcp.once('connect', () => {
      cancel();
      tcp.removeListener('error', give);
      tcp.on('error', () => tcp.destroy());
      tcp.setNoDelay(true);
      resolve(new TcpHciSocket(tcp, filter ?? everyPacket));
    });
  });
};
