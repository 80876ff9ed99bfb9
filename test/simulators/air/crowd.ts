/** Other people's phones, tags and beacons: advertisements that are none of ours, by the thousand. */
import type { Clock } from '#kiosk/platform/clock.ts';
import type { Random } from '#kiosk/platform/random.ts';
import type { Station } from './station.ts';

export interface Crowd {
  readonly devices: number;
  /** Advertisements heard per second, of all devices together. */
  readonly perSecond: number;
  /** Share of advertisements, 0 to 1, that come from an address never heard before, as phones rotate theirs. */
  readonly rotating?: number;
  /** What they say; a phone's advertisement unless given. */
  readonly data?: Uint8Array;
}

interface CrowdPorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly listeners: () => Iterable<Station>;
  readonly heard: () => boolean;
}

const tickMs = 10;

/** Flags, then manufacturer data of a company that is not the locks'. */
const foreignAdvert = (random: Random): Uint8Array =>
  Uint8Array.from([0x02, 0x01, 0x06, 0x0b, 0xff, 0x4c, 0x00, ...random.bytes(8)]);

const randomAddress = (random: Random): string =>
  ['f0', ...Array.from(random.bytes(5), (octet) => octet.toString(16).padStart(2, '0'))].join(':');

export const startCrowd = (ports: CrowdPorts, crowd: Crowd): (() => void) => {
  const { clock, random } = ports;
  const known = Array.from({ length: crowd.devices }, () => randomAddress(random));
  const data = crowd.data ?? foreignAdvert(random);
  let owed = 0;

  const one = (): void => {
    const rotates = known.length === 0 || random.float() < (crowd.rotating ?? 0);
    const regular = known[Math.floor(random.float() * known.length)];
    const address = rotates || regular === undefined ? randomAddress(random) : regular;
    for (const listener of ports.listeners()) {
      if (!listener.scanning || listener.silent || !ports.heard()) continue;
      listener.heard({ kind: 'advertising', address, data, rssi: -60 - Math.floor(random.float() * 40) });
    }
  };

  const tick = (): void => {
    cancel = clock.after(tickMs, tick);
    owed += (crowd.perSecond * tickMs) / 1000;
    while (owed >= 1) {
      owed -= 1;
      one();
    }
  };
  let cancel = clock.after(tickMs, tick);
  return () => cancel();
};
