/**
 * Leaves out advertising reports before the host has any work with them: those of other people's devices, and those in
 * which a peer says once more what it has just said.
 */
import type { Clock } from '../platform/clock.ts';
import { h4 } from './h4-framing.ts';

/** Whether the host is to have this packet (H4, type included). */
export type PacketFilter = (packet: Buffer) => boolean;

const leMetaEvent = 0x3e;
const advertisingReport = 0x02;
/** Type, code, length, subevent, number of reports. */
const reportAt = 5;
/** Event type, address type, address. */
const senderBytes = 8;
const rssiBytes = 1;

/** A peer that says nothing new passes this often, for its signal strength. */
export const repeatEveryMs = 200;

export const isAdvert = (packet: Buffer): boolean =>
  packet[0] === h4.event && packet[1] === leMetaEvent && packet[3] === advertisingReport;

/**
 * Passes every packet but advertising reports that do not hold `wanted`, and those that repeat what their sender said last
 * within the same `repeatEveryMs`. What it remembers is forgotten as a whole each time: strangers can't make it grow.
 */
export const createAdvertFilter = (clock: Clock, wanted: Buffer): PacketFilter => {
  const said = new Map<string, string>();
  let since = clock.monotonic();
  return (packet) => {
    if (!isAdvert(packet)) return true;
    if (!packet.includes(wanted)) return false;
    const now = clock.monotonic();
    if (now - since >= repeatEveryMs) {
      said.clear();
      since = now;
    }
    const sender = packet.toString('latin1', reportAt, reportAt + senderBytes);
    const words = packet.toString('latin1', reportAt + senderBytes, packet.length - rssiBytes);
    if (said.get(sender) === words) return false;
    said.set(sender, words);
    return true;
  };
};
