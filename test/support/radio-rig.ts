/** One kiosk's radio and some scripted locks in one air, in one process: real noble, real bleno, fast air. */
import { once } from 'node:events';
import { filter, firstValueFrom } from 'rxjs';
import { serviceUuid } from '#kiosk/radio/gatt-profile.ts';
import type { Clock } from '#kiosk/platform/clock.ts';
import { systemClock } from '#kiosk/platform/clock.ts';
import { seededRandom } from '#kiosk/platform/seeded-random.ts';
import { loadNoble, type LoadedNoble, type LoadNobleOptions } from '#kiosk/radio/load-noble.ts';
import type { Noble, NoblePeripheral } from '#kiosk/radio/noble-types.ts';
import { createNobleRadio, type NobleRadio } from '#kiosk/radio/noble-radio.ts';
import type { Advertisement, RadioPort } from '#kiosk/radio/port.ts';
import { createAir, type Air } from '#simulators/air/air.ts';
import type { Controller } from '#simulators/air/controller.ts';
import { VirtualHciSocket } from '#simulators/air/hci-socket.ts';
import { createLockRadio } from '#simulators/air/lock-radio.ts';
import { scaledClock } from './scaled-clock.ts';
import { ScriptedLock } from './scripted-lock.ts';

export interface RadioRig {
  readonly air: Air;
  readonly locks: readonly ScriptedLock[];
  /** The kiosk's dongle; the last one that was attached. */
  dongle(): Controller;
  /** noble as it is, with none of the kiosk's care. Powered on. */
  rawNoble(environment?: () => void): Promise<Noble>;
  /** The noble that was loaded last. */
  lastNoble(): Noble;
  /** The kiosk's radio over noble. */
  radio(clock?: Clock, gatt?: 'hci' | 'noble'): NobleRadio;
  dispose(): Promise<void>;
}

const airSpeed = 10;

/** As a fresh machine has it. */
const plainEnvironment = (): void => {
  for (const name of ['HCI_CHANNEL_USER', 'NOBLE_REPORT_ALL_HCI_EVENTS']) {
    Reflect.deleteProperty(process.env, name);
  }
};

export const createRadioRig = (lockCount: number): RadioRig => {
  const air = createAir({
    clock: scaledClock(airSpeed),
    random: seededRandom(7),
    settings: { advertisingIntervalMs: 50 },
  });
  const locks = Array.from({ length: lockCount }, (_, index) => new ScriptedLock(index + 1));
  const lockRadios = locks.map((lock) => createLockRadio(air, lock, 2));
  const radios: NobleRadio[] = [];
  const nobles: (LoadedNoble & { ok: true })[] = [];
  let dongles = 0;
  let dongle: Controller | null = null;

  const load = (options: LoadNobleOptions = {}): Noble => {
    dongles += 1;
    dongle = air.attachController({
      address: `02:00:00:00:00:${dongles.toString().padStart(2, '0')}`,
      firstHandle: 0,
    });
    const loaded = loadNoble(new VirtualHciSocket(dongle), options);
    if (!loaded.ok) throw new Error(`noble does not load: ${loaded.cause}`);
    nobles.push(loaded);
    return loaded.noble;
  };

  return {
    air,
    locks,
    dongle: () => {
      if (!dongle) throw new Error('no dongle yet');
      return dongle;
    },
    rawNoble: async (environment = plainEnvironment) => {
      const noble = load({ prepare: environment });
      if (noble.state !== 'poweredOn') await once(noble, 'stateChange');
      return noble;
    },
    lastNoble: () => {
      const last = nobles.at(-1);
      if (!last) throw new Error('no noble yet');
      return last.noble;
    },
    radio: (clock = systemClock, gatt = 'hci') => {
      const failed = Promise.withResolvers<undefined>();
      const noble = load({ onHardwareError: () => failed.resolve(undefined) });
      const radio = createNobleRadio({ noble, clock, gatt, hardwareFailed: failed.promise });
      radios.push(radio);
      return radio;
    },
    dispose: async () => {
      await Promise.all(radios.map((radio) => radio.dispose()));
      for (const loaded of nobles) loaded.dispose();
      for (const radio of lockRadios) radio.dispose();
      air.dispose();
    },
  };
};

/** Scans until every peer was heard; raw noble's peripherals by peer. */
export const discoverRaw = async (noble: Noble, peers: readonly string[]): Promise<NoblePeripheral[]> => {
  const found = new Map<string, NoblePeripheral>();
  const all = new Promise<void>((resolve) => {
    const onDiscover = (peripheral: NoblePeripheral): void => {
      found.set(peripheral.id, peripheral);
      if (!peers.every((peer) => found.has(peer))) return;
      noble.removeListener('discover', onDiscover);
      resolve();
    };
    noble.on('discover', onDiscover);
  });
  noble.startScanning([serviceUuid], true);
  await all;
  return peers.flatMap((peer) => found.get(peer) ?? []);
};

/** The next advertisement of that peer, with its scan response. */
export const nextAdvert = (radio: RadioPort, peer: string): Promise<Advertisement> =>
  firstValueFrom(
    radio.advertisements$.pipe(filter((advert) => advert.peer === peer && advert.serviceData !== null)),
  );

/** Whether it is still undecided after the event loop has turned a few times. */
export const isPending = async (promise: Promise<unknown>): Promise<boolean> => {
  let pending = true;
  const settle = (): void => {
    pending = false;
  };
  promise.then(settle, settle);
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  return pending;
};
