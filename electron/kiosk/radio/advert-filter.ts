/**
 * Leaves out advertising reports before noble has any work with them: those of other people's devices, and those in which a
 * peer says once more what it has just said. How strongly it was heard then is all that is new, and needs no noble.
 */
import type { Clock } from '../platform/clock.ts';
import { h4 } from './h4-framing.ts';

/** Whether the host is to have this packet (H4, type included). */
export type PacketFilter = (packet: Buffer) => boolean;

export const everyPacket: PacketFilter = () => true;

/** An advertisement that was passed before, heard again. */
export interface HeardAgain {
  /** What noble calls the peer. */
  readonly peer: string;
  /** As HCI has it. */
  readonly rssi: number;
}

/** Whether the peer is known, by all that it says. Where it is not, what was passed has got lost, and passes once more. */
export type OnAgain = (heard: HeardAgain) => boolean;

/** Subevent and event code (Core 5.4, Vol 4 Part E, 7.7.65.2), and the event type of a scan response. */
const leMetaEvent = 0x3e;
const advertisingReport = 0x02;
const scanResponse = 0x04;
/** Where a report that is alone in its event has its fields; its signal strength is the last byte. */
const at = { count: 4, type: 5, address: 7, length: 13, data: 14 } as const;
const addressIn = { from: at.address - at.type, to: at.length - at.type } as const;
const rssiBytes = 1;

/** Of a peer that says nothing new its signal strength is told this often. */
export const repeatEveryMs = 200;
/**
 * After which everything passes once more, for whoever has forgotten it. What is remembered is forgotten as a whole then:
 * strangers can't make it grow.
 */
export const forgetEveryMs = 1_000;

interface Said {
  readonly words: string;
  /** What noble calls the peer. */
  readonly peer: string;
  toldAt: number;
}

export const isAdvert = (packet: Buffer): boolean =>
  packet[0] === h4.event && packet[1] === leMetaEvent && packet[3] === advertisingReport;

const isOneReport = (packet: Buffer): boolean =>
  packet[at.count] === 1 && packet.length === at.data + (packet[at.length] ?? 0) + rssiBytes;

/**
 * Passes every packet but advertising reports that do not hold `wanted`, and those that repeat what their sender said last:
 * of advertisements among these `onAgain` hears every `repeatEveryMs`. A scan response is as strong as the advertisement that
 * it comes right behind.
 */
export const createAdvertFilter = (clock: Clock, wanted: Buffer, onAgain: OnAgain): PacketFilter => {
  const advertised = new Map<string, Said>();
  const responded = new Map<string, Said>();
  let since = clock.monotonic();
  const forget = (): void => {
    advertised.clear();
    responded.clear();
    since = clock.monotonic();
  };
  return (packet) => {
    if (!isAdvert(packet)) return true;
    if (!packet.includes(wanted)) return false;
    if (!isOneReport(packet)) {
      // Several in one event, or one that was cut short: noble's to read, and nobody's last word is known any more.
      forget();
      return true;
    }
    const now = clock.monotonic();
    if (now - since >= forgetEveryMs) forget();
    // All but the strength. Whether it takes a connection may be all that has changed, or who else has taken its address.
    const words = packet.toString('latin1', at.type, packet.length - rssiBytes);
    const sender = words.slice(addressIn.from, addressIn.to);
    const isResponse = packet[at.type] === scanResponse;
    const said = isResponse ? responded : advertised;
    const last = said.get(sender);
    if (last?.words !== words) {
      const peer = Buffer.from(packet.subarray(at.address, at.length)).reverse().toString('hex');
      said.set(sender, { words, peer, toldAt: now });
      return true;
    }
    if (isResponse || now - last.toldAt < repeatEveryMs) return false;
    last.toldAt = now;
    const isKnown = onAgain({ peer: last.peer, rssi: packet.readInt8(packet.length - rssiBytes) });
    if (!isKnown) responded.delete(sender);
    return !isKnown;
  };
};
