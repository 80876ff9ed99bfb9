/**
 * What comes in ends nothing but what it is about. A peer's packet costs that peer's link alone; an event that the adapter may
 * send is said in noble's words (`plain-events.ts`), and one that noble can't read is left out. noble reads fields that a
 * packet may be too short to have, and throws; and it collects a packet in parts for as long as they come, however long its
 * beginning said that it is.
 */
import { h4 } from './h4-framing.ts';
import { eventCode, isEvent, opcode, readAnswer } from './hci-events.ts';
import type { NobleHciBindings } from './noble-types.ts';
import { createPlainEvents } from './plain-events.ts';

type Hci = NobleHciBindings['_hci'];

export interface PacketGuardOptions {
  /** The controller says that its hardware has failed (7.7.16): whatever it was doing is void. */
  readonly onHardwareError?: () => void;
  /** noble could not read what the adapter said: the event's code. */
  readonly onUnreadable?: (code: number) => void;
}

/** The smallest buffers that a controller for Low Energy may have (7.8.2). */
const least = { length: 27, count: 1 } as const;

/**
 * noble asks for a controller's buffers and sends no data until it knows them. One that has none for Low Energy alone, or does
 * not tell, shares those for all; one that tells of neither has the smallest that there are.
 */
const learnBuffers = (hci: Hci, packet: Buffer): void => {
  const answer = readAnswer(packet);
  if (answer?.status == null) return;
  if (answer.opcode === opcode.leReadBufferSize && answer.status !== 0) hci.readBufferSize();
  if (answer.opcode !== opcode.readBufferSize) return;
  const told = answer.status === 0 && packet.length >= 12;
  const isRoom = told && packet.readUInt16LE(7) >= least.length && packet.readUInt16LE(10) >= least.count;
  if (!isRoom) hci.setAclBuffers(least.length, least.count);
};

export const guardPackets = (hci: Hci | undefined, options: PacketGuardOptions = {}): void => {
  if (!hci) return;
  const plain = createPlainEvents();
  const take = hci.onSocketData.bind(hci);
  const write = hci._socket.write.bind(hci._socket);
  // A controller that does not tell its address: noble needs some for a pairing that never is.
  hci.address ??= '00:00:00:00:00:00';
  hci.addressType ??= 'public';

  hci._socket.write = (packet) => {
    plain.sent(packet);
    write(packet);
  };

  const takeFromAdapter = (packet: Buffer): void => {
    if (isEvent(packet, eventCode.hardwareError)) {
      options.onHardwareError?.();
      return;
    }
    const words = plain.heard(packet);
    if (!words) return;
    try {
      take(words);
    } catch {
      options.onUnreadable?.(packet[1] ?? 0);
    }
    learnBuffers(hci, packet);
  };

  const takeFromPeer = (packet: Buffer): void => {
    try {
      take(packet);
    } catch {
      // Whoever waits for an answer runs out of time.
    }
    if (packet.length < 3) return;
    // The upper four bits of the handle say which part of a packet it is (5.4.2).
    const handle = packet.readUInt16LE(1) & 0x0fff;
    const part = hci._handleBuffers[handle];
    // noble passes over what continues a packet that it knows no beginning of.
    if (part && part.data.length > part.length) hci._handleBuffers[handle] = undefined;
  };

  hci.onSocketData = (packet) => (packet[0] === h4.acl ? takeFromPeer : takeFromAdapter)(packet);
};
