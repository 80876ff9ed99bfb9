import { h4 } from './h4-framing.ts';
import type { NobleHciBindings } from './noble-types.ts';

/**
 * What a peer sends costs that peer's link alone. noble reads fields that a packet may be too short to have, and throws; and it
 * collects a packet in parts for as long as they come, however long its beginning said that it is. Either is left out, and
 * whoever waits for an answer runs out of time. What the adapter says of itself is in no peer's hand: that still throws.
 */
export const guardPackets = (
  hci: Pick<NobleHciBindings['_hci'], 'onSocketData' | '_handleBuffers'> | undefined,
): void => {
  if (!hci) return;
  const take = hci.onSocketData.bind(hci);
  hci.onSocketData = (packet) => {
    const isFromPeer = packet[0] === h4.acl;
    try {
      take(packet);
    } catch (error) {
      if (!isFromPeer) throw error;
    }
    if (!isFromPeer || packet.length < 3) return;
    // The upper four bits of the handle say which part of a packet it is (Core 5.4, Vol 4, Part E, 5.4.2).
    const handle = packet.readUInt16LE(1) & 0x0fff;
    const part = hci._handleBuffers[handle];
    // noble passes over what continues a packet that it knows no beginning of.
    if (part && part.data.length > part.length) hci._handleBuffers[handle] = undefined;
  };
};
