/**
 * The air: stations that advertise, scan, connect and exchange packets with one another. Time and chance come from outside,
 * so a run can be repeated.
 */
import type { Clock } from '#kiosk/platform/clock.ts';
import type { Random } from '#kiosk/platform/random.ts';
import { createController, type Controller, type ControllerOptions } from './controller.ts';
import { startCrowd, type Crowd } from './crowd.ts';
import { createLink, type AirLink, type LinkPorts } from './link.ts';
import { rssiAt } from './propagation.ts';
import { defaultSettings, type AirSettings } from './settings.ts';
import type { HeardAdvert, Station } from './station.ts';

export interface Air {
  settings(): AirSettings;
  /** Turns knobs, from now on. */
  configure(change: Partial<AirSettings>): void;
  attachController(options: ControllerOptions): Controller;
  /** Metres from the counter, for every station with that address. */
  move(address: string, metres: number): void;
  /** The station loses its power, in the middle of whatever it was saying; `appear` gives it back. */
  vanish(address: string): void;
  appear(address: string): void;
  /** Other people's devices: `perSecond` advertisements from `devices` addresses, which may rotate. Returns how to stop. */
  crowd(crowd: Crowd): () => void;
  /** Controllers in the air. */
  readonly size: number;
  dispose(): void;
}

export interface AirPorts {
  readonly clock: Clock;
  readonly random: Random;
  readonly settings?: Partial<AirSettings>;
}

/** Every advertisement is put off by 0 to 10 ms, so that two locks do not talk over each other for ever (Vol 6 Part B). */
const advertisingDelayMs = 10;

export const createAir = ({ clock, random, settings: initial }: AirPorts): Air => {
  let settings: AirSettings = { ...defaultSettings, ...initial };
  const stations = new Map<Station, Controller>();
  const advertisers = new Map<Station, () => void>();
  const links = new Set<AirLink>();
  const crowds = new Set<() => void>();

  const heard = (): boolean => settings.loss === 0 || random.float() >= settings.loss;

  const distance = (one: Station, other: Station): number => Math.abs(one.distance - other.distance);

  const audible = (one: Station, other: Station): boolean =>
    !one.silent && !other.silent && distance(one, other) <= settings.rangeMetres;

  const rssi = (one: Station, other: Station): number =>
    rssiAt(distance(one, other), settings.noiseDb, random);

  const linkPorts: LinkPorts = {
    clock,
    settings: () => settings,
    heard,
    audible,
    rssi,
    onEnded: (link) => links.delete(link),
  };

  const tell = (advertiser: Station, listener: Station): void => {
    const { advertising } = advertiser;
    const { scanning } = listener;
    if (!advertising || !scanning || !heard()) return;
    const say = (kind: HeardAdvert['kind'], data: Uint8Array): void => {
      listener.heard({ kind, address: advertiser.address, data, rssi: rssi(advertiser, listener) });
    };
    say('advertising', advertising.data);
    const answered = settings.scanResponseLoss === 0 || random.float() >= settings.scanResponseLoss;
    if (scanning.active && answered && heard()) say('scan_response', advertising.scanResponse);
  };

  const advertise = (advertiser: Station): void => {
    for (const listener of stations.keys()) {
      if (listener === advertiser || !audible(advertiser, listener)) continue;
      tell(advertiser, listener);
      const target = listener.initiating;
      if (target?.address !== advertiser.address || !heard()) continue;
      links.add(createLink(linkPorts, listener, advertiser, target.supervisionMs));
      return;
    }
  };

  const scheduleAdvertising = (advertiser: Station, afterMs: number): void => {
    const cancel = clock.after(afterMs + random.float() * advertisingDelayMs, () => {
      const interval = settings.advertisingIntervalMs ?? advertiser.advertising?.intervalMs ?? 100;
      // First, so that a connection made by this advertisement can stop the next.
      scheduleAdvertising(advertiser, interval);
      advertise(advertiser);
    });
    advertisers.set(advertiser, cancel);
  };

  const changed = (station: Station): void => {
    const wants = station.advertising !== null && !station.silent && stations.has(station);
    if (wants && !advertisers.has(station)) scheduleAdvertising(station, 0);
    if (!wants) {
      advertisers.get(station)?.();
      advertisers.delete(station);
    }
    for (const link of links) if (link.stations.includes(station)) link.changed();
  };

  const forAddress = (address: string, apply: (station: Station) => void): void => {
    for (const station of stations.keys()) {
      if (station.address !== address) continue;
      apply(station);
      changed(station);
    }
  };

  return {
    settings: () => settings,
    configure: (change) => {
      settings = { ...settings, ...change };
    },
    attachController: (options) => {
      const { controller, station } = createController(
        {
          settings: () => settings,
          changed,
          gone: (leaving) => {
            stations.delete(leaving);
            changed(leaving);
          },
        },
        options,
      );
      stations.set(station, controller);
      return controller;
    },
    move: (address, metres) => forAddress(address, (station) => (station.distance = metres)),
    vanish: (address) => forAddress(address, (station) => (station.silent = true)),
    appear: (address) =>
      forAddress(address, (station) => (station.silent = !(stations.get(station)?.plugged ?? true))),
    crowd: (crowd) => {
      const stop = startCrowd({ clock, random, listeners: () => stations.keys(), heard }, crowd);
      crowds.add(stop);
      return () => {
        crowds.delete(stop);
        stop();
      };
    },
    get size() {
      return stations.size;
    },
    dispose: () => {
      for (const stop of crowds) stop();
      for (const controller of [...stations.values()]) controller.dispose();
      for (const cancel of advertisers.values()) cancel();
    },
  };
};
