/**
 * The kernel's own view of the links of an adapter. A reset by raw HCI ends every link without an event, and the kernel goes on
 * believing in them: two seconds later it would end whichever new link has the old one's number. So they are ended one by one
 * first, which it hears.
 */
import { readdirSync } from 'node:fs';
import type { Clock } from '../platform/clock.ts';
import { commandPacket, opcode } from './hci-events.ts';

/** The system shows a link as `hci0:64`: adapter and handle. */
const classFolder = '/sys/class/bluetooth';

/** Handles of the links that the kernel believes in. Empty where it can't be known. */
export const kernelLinks = (adapter: number, folder = classFolder): readonly number[] => {
  let names: readonly string[];
  try {
    names = readdirSync(folder);
  } catch {
    return [];
  }
  return names.flatMap((name) => {
    const [, of, handle] = /^hci(\d+):(\d+)$/.exec(name) ?? [];
    return Number(of) === adapter ? [Number(handle)] : [];
  });
};

/** Remote User Terminated Connection (Core 5.4, Vol 1 Part F, 1.3). */
const userEnded = 0x13;

const disconnect = (handle: number): Buffer =>
  Buffer.from([
    commandPacket,
    opcode.disconnect & 0xff,
    opcode.disconnect >> 8,
    3,
    handle & 0xff,
    handle >> 8,
    userEnded,
  ]);

const lookEveryMs = 25;
/** A peer that is gone is given up after the supervision timeout, a second. */
const mostLooks = 50;

export interface EndLinksOptions {
  readonly clock: Clock;
  readonly links: () => readonly number[];
  readonly write: (packet: Buffer) => void;
}

/** Ends them, and calls `done` when the kernel knows, or after 1.25 s. At once when there are none. Returns how to call it off. */
export const endKernelLinks = ({ clock, links, write }: EndLinksOptions, done: () => void): (() => void) => {
  let cancel = (): void => undefined;
  const look = (looks: number): void => {
    if (looks === mostLooks || links().length === 0) done();
    else cancel = clock.after(lookEveryMs, () => look(looks + 1));
  };
  for (const handle of links()) write(disconnect(handle));
  look(0);
  return () => cancel();
};
