/** The connection handles of one controller, and what reaches its host through each. */
import { aclPacket, completedPackets, disconnectionComplete, type ConnectionFacts } from './hci/packets.ts';
import type { Room } from './room.ts';
import type { LinkEnd, LinkPacket, StationLink } from './station.ts';

export interface Connections {
  add(link: StationLink): { readonly handle: number; readonly end: LinkEnd };
  /** Data for a handle that is not open is dropped, as a controller does. */
  send(handle: number, packet: LinkPacket): void;
  /** False when there is no such connection. */
  close(handle: number): boolean;
  facts(handle: number): ConnectionFacts | null;
  /** dBm; null when there is no such connection. */
  rssi(handle: number): number | null;
  connectedTo(address: string): boolean;
  /** Every link dies without a word to either host. */
  abandonAll(): void;
}

export const createConnections = (
  toHost: (packet: Buffer) => void,
  room: Room,
  firstHandle: number,
): Connections => {
  const open = new Map<number, StationLink>();

  const freeHandle = (): number => {
    let handle = firstHandle;
    while (open.has(handle)) handle += 1;
    return handle;
  };

  return {
    add: (link) => {
      const handle = freeHandle();
      open.set(handle, link);
      return {
        handle,
        end: {
          received: (packet) => {
            if (open.get(handle) === link) toHost(aclPacket(handle, packet.boundary, packet.data));
          },
          completed: (count) => {
            if (open.get(handle) !== link) return;
            room.acknowledge(handle, count);
            toHost(completedPackets(handle, count));
          },
          ended: (reason) => {
            if (open.get(handle) !== link) return;
            open.delete(handle);
            room.forget(handle);
            toHost(disconnectionComplete(handle, reason));
          },
        },
      };
    },
    send: (handle, packet) => {
      const link = open.get(handle);
      if (link && room.takePacket(handle, packet.data.length)) link.send(packet);
    },
    close: (handle) => {
      const link = open.get(handle);
      link?.close();
      return link !== undefined;
    },
    facts: (handle) => {
      const link = open.get(handle);
      if (!link) return null;
      return {
        handle,
        role: link.central ? 0 : 1,
        peer: link.peer,
        interval: link.interval,
        supervisionMs: link.supervisionMs,
      };
    },
    rssi: (handle) => open.get(handle)?.rssi() ?? null,
    connectedTo: (address) => [...open.values()].some((link) => link.central && link.peer === address),
    abandonAll: () => {
      const links = [...open.values()];
      open.clear();
      room.forgetLinks();
      for (const link of links) link.abandon();
    },
  };
};
