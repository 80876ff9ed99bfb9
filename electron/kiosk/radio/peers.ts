/**
 * Who was heard, and for how long that counts. noble keeps every address it ever heard, and phones change theirs every
 * quarter of an hour: what is old is taken out of noble's tables too.
 */
import type { Clock } from '../platform/clock.ts';
import { serviceUuid } from './gatt-profile.ts';
import { hciBindingsOf, type Noble, type NoblePeripheral } from './noble-types.ts';
import type { Advertisement } from './port.ts';

export interface Peers {
  /** Notes what was heard and gives it in the port's terms. */
  heard(peripheral: NoblePeripheral): Advertisement;
  /** Likewise of a peer that says what it said before; null where that is not known, or not all of it. */
  heardAgain(peer: string, rssi: number): Advertisement | null;
  find(peer: string): NoblePeripheral | null;
  /** Drops everyone who was not heard for a minute, except those that `busy` names. */
  sweep(busy: (peer: string) => boolean): void;
  readonly size: number;
}

interface Peer {
  readonly peripheral: NoblePeripheral;
  heardAt: number;
  last: Advertisement;
}

const forgetAfterMs = 60_000;
const nothing = new Uint8Array();

/** HCI says 127 where the strength is not known, and reserves what lies between (Core 5.4, Vol 4 Part E, 7.7.65.2). */
const strength = { least: -127, most: 20 } as const;
const strengthOf = (rssi: number): number | null =>
  rssi >= strength.least && rssi <= strength.most ? rssi : null;

export const createPeers = (noble: Noble, clock: Clock): Peers => {
  const peers = new Map<string, Peer>();

  const serviceDataOf = (peripheral: NoblePeripheral): Uint8Array | null => {
    const own = peripheral.advertisement.serviceData?.find(({ uuid }) => uuid === serviceUuid);
    return own ? Uint8Array.from(own.data) : null;
  };

  const remove = (table: Record<string, unknown>, key: string): void =>
    void Reflect.deleteProperty(table, key);

  const forget = (peer: string): void => {
    peers.delete(peer);
    const bindings = hciBindingsOf(noble);
    for (const table of [
      noble._peripherals,
      noble._services,
      noble._characteristics,
      noble._descriptors,
      noble._discoveredPeripheralUUids,
      ...(bindings
        ? [bindings._addresses, bindings._addresseTypes, bindings._connectable, bindings.scannable]
        : []),
    ]) {
      remove(table, peer);
    }
  };

  const forgetStrangers = (): void => {
    const discoveries = hciBindingsOf(noble)?._gap._discoveries;
    if (!discoveries) return;
    const ours = new Set([...peers.values()].map(({ peripheral }) => peripheral.address));
    for (const address of Object.keys(discoveries)) if (!ours.has(address)) remove(discoveries, address);
  };

  return {
    heard: (peripheral) => {
      const last: Advertisement = {
        peer: peripheral.id,
        rssi: strengthOf(peripheral.rssi),
        manufacturerData: Uint8Array.from(peripheral.advertisement.manufacturerData ?? nothing),
        serviceData: serviceDataOf(peripheral) ?? peers.get(peripheral.id)?.last.serviceData ?? null,
      };
      peers.set(peripheral.id, { peripheral, heardAt: clock.monotonic(), last });
      return last;
    },
    heardAgain: (peer, rssi) => {
      const known = peers.get(peer);
      // Which lock it is stands in its scan response, and its state in its advertisement: either may have got lost.
      if (!known?.last.serviceData || known.last.manufacturerData.length === 0) return null;
      known.heardAt = clock.monotonic();
      known.last = { ...known.last, rssi: strengthOf(rssi) };
      return known.last;
    },
    find: (peer) => peers.get(peer)?.peripheral ?? null,
    sweep: (busy) => {
      const oldest = clock.monotonic() - forgetAfterMs;
      for (const [peer, { heardAt }] of [...peers]) if (heardAt < oldest && !busy(peer)) forget(peer);
      forgetStrangers();
    },
    get size() {
      return peers.size;
    },
  };
};
