/**
 * The machine's own adapter on Linux: raw HCI through the kernel, which has a view of its own of each link.
 *
 * The native socket has two workarounds for that view, and this takes one of them. Left alone it would not send a connect but
 * have the kernel connect, and wait for that with the whole process. And without the other one the kernel ends, two seconds
 * after it has come about, each link that none of its own sockets is on. So one socket carries all packets with neither, and a
 * second one listens to what connects and holds it.
 */
import { getSystemErrorName } from 'node:util';
import { eventCode } from './hci-events.ts';
import { h4 } from './h4-framing.ts';
import type { HciSocket } from './hci-socket.ts';

export interface NativeHciSocket extends HciSocket {
  getDeviceList(): readonly { readonly devId: number; readonly devUp: boolean }[];
}

export type MakeNativeSocket = () => NativeHciSocket;

/** A socket on the adapter, and whether the adapter that it was bound to is still there. */
export interface Bound {
  readonly id: number;
  readonly pipe: NativeHciSocket;
  gone: boolean;
}

/** `struct hci_filter`: packet types, events 0 to 31, events 32 to 63, opcode. */
const filterOf = (types: readonly number[], events: readonly number[]): Buffer => {
  const filter = Buffer.alloc(16);
  let typeMask = 0;
  let events64 = 0n;
  for (const type of types) typeMask |= 1 << type;
  for (const event of events) events64 |= 1n << BigInt(event);
  filter.writeUInt32LE(typeMask, 0);
  filter.writeBigUInt64LE(events64, 4);
  return filter;
};

/** A socket without a filter hears nothing. noble sets one too late, with commands of others in it and no failure of hardware. */
const whatMatters = filterOf(
  [h4.event, h4.acl],
  [
    eventCode.disconnectionComplete,
    eventCode.encryptionChange,
    eventCode.commandComplete,
    eventCode.commandStatus,
    eventCode.hardwareError,
    eventCode.numberOfCompletedPackets,
    eventCode.leMeta,
  ],
);
const whatConnects = filterOf([h4.event], [eventCode.disconnectionComplete, eventCode.leMeta]);

/** The adapter has been pulled: the kernel has let go of the socket, and gives it no other one. */
const goneCodes: ReadonlySet<string> = new Set(['EPIPE', 'EBADFD', 'ENODEV']);

/** The native error has a number where Node's have a name. */
export const named = (error: unknown): Error => {
  const found = error instanceof Error ? error : new Error(String(error));
  const { errno } = found as { errno?: unknown };
  return typeof errno === 'number' && errno > 0
    ? Object.assign(found, { code: getSystemErrorName(-errno) })
    : found;
};

/** The mode is set before the bind, which fails on a socket that is bound: from then on no packet is treated. */
const withoutWorkarounds = (socket: NativeHciSocket, id: number): void => {
  let refused = false;
  try {
    socket.bindUser(id);
  } catch {
    refused = true;
  }
  if (!refused) throw new Error('the adapter was taken from the kernel');
};

export class AdapterSockets {
  readonly #make: MakeNativeSocket;
  #bound: Bound | null = null;
  #probe: NativeHciSocket | null = null;
  /** Their native part closes a number that may be another socket's by then: they end with the process. */
  readonly #kept: NativeHciSocket[] = [];

  constructor(make: MakeNativeSocket) {
    this.#make = make;
  }

  /** The socket that carries everything; the same one as before as long as its adapter is there. Throws without an adapter. */
  open(wanted?: number): Bound {
    const id = wanted ?? this.#choose();
    if (this.#bound && this.#bound.id === id && !this.#bound.gone) return this.#bound;
    const pipe = this.#native();
    const bound: Bound = { id, pipe, gone: false };
    pipe.on('error', (error: unknown) => {
      if (goneCodes.has(String((named(error) as { code?: unknown }).code))) bound.gone = true;
    });
    pipe.bindRaw(id);
    withoutWorkarounds(pipe, id);
    pipe.setFilter(whatMatters);
    const holder = this.#native();
    holder.on('error', () => undefined);
    holder.bindRaw(id);
    holder.setFilter(whatConnects);
    holder.start();
    pipe.start();
    this.#bound = bound;
    return bound;
  }

  #native(): NativeHciSocket {
    const socket = this.#make();
    socket.setMaxListeners(0);
    this.#kept.push(socket);
    return socket;
  }

  #choose(): number {
    if (!this.#probe) {
      this.#probe = this.#native();
      this.#probe.on('error', () => undefined);
    }
    const all = this.#probe.getDeviceList();
    const chosen = all.find(({ devUp }) => devUp) ?? all[0];
    if (!chosen) throw new Error('no adapter');
    return chosen.devId;
  }
}
