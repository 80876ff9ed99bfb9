/** The air of a simulated store: its locks, each on a radio of its own, and a port that kiosks join by. */
import type { Clock } from '#kiosk/platform/clock.ts';
import type { Random } from '#kiosk/platform/random.ts';
import type { LockPeripheral } from '../lock/peripheral.ts';
import { createAir, type Air } from './air.ts';
import type { Controller } from './controller.ts';
import { createH4Server, type H4Server } from './h4-server.ts';
import { createLockRadio, type LockRadio } from './lock-radio.ts';
import type { AirSettings } from './settings.ts';

export interface StoreAirOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly locks: readonly LockPeripheral[];
  /** TCP port on 127.0.0.1; 0 for any free one. */
  readonly port: number;
  /** Metres from the kiosk by serial number; a lock that is not named stands at 2 m. */
  readonly distances?: Readonly<Record<string, number>>;
  readonly settings?: Partial<AirSettings>;
  /** Commands that the dongle takes at once: 1 unless given, as the smallest do. */
  readonly commandBuffers?: number;
}

export interface StoreAir {
  /** What the kiosk's configuration takes as `radio.h4`. */
  readonly h4: string;
  readonly air: Air;
  addLock(lock: LockPeripheral, metres?: number): void;
  removeLock(serialNumber: string): void;
  /** Throws for a serial number that is not in the store. */
  moveLock(serialNumber: string, metres: number): void;
  /** The lock loses its power, in the middle of whatever it was saying. */
  vanishLock(serialNumber: string): void;
  appearLock(serialNumber: string): void;
  dongle(to: 'in' | 'out'): void;
  /** The kiosk's dongle. */
  readonly controller: Controller;
  /** A second dongle for somebody else in the same air; what their configuration takes as `radio.h4`. */
  addDongle(): Promise<string>;
  configure(change: Partial<AirSettings>): void;
  dispose(): Promise<void>;
}

const defaultDistance = 2;

/** Rejects when the port is taken. */
export const createStoreAir = async (options: StoreAirOptions): Promise<StoreAir> => {
  const air = createAir(options);
  const { commandBuffers } = options;
  const server = await createH4Server({
    air,
    port: options.port,
    ...(commandBuffers === undefined ? {} : { commandBuffers }),
  });
  const others: H4Server[] = [];
  const radios = new Map<string, LockRadio>();

  const addLock = (lock: LockPeripheral, metres = defaultDistance): void => {
    radios.get(lock.serialNumber)?.dispose();
    radios.set(lock.serialNumber, createLockRadio(air, lock, metres));
  };

  const addressOf = (serialNumber: string): string => {
    const radio = radios.get(serialNumber);
    if (!radio) throw new Error(`no lock ${serialNumber} in this store`);
    return radio.address;
  };

  for (const lock of options.locks) addLock(lock, options.distances?.[lock.serialNumber]);

  return {
    h4: `127.0.0.1:${server.port}`,
    air,
    addLock,
    removeLock: (serialNumber) => {
      radios.get(serialNumber)?.dispose();
      radios.delete(serialNumber);
    },
    moveLock: (serialNumber, metres) => air.move(addressOf(serialNumber), metres),
    vanishLock: (serialNumber) => air.vanish(addressOf(serialNumber)),
    appearLock: (serialNumber) => air.appear(addressOf(serialNumber)),
    dongle: (to) => server.dongle(to),
    controller: server.controller,
    addDongle: async () => {
      const address = `02:4c:50:00:00:${(others.length + 2).toString(16).padStart(2, '0')}`;
      const other = await createH4Server({ air, port: 0, address });
      others.push(other);
      return `127.0.0.1:${other.port}`;
    },
    configure: (change) => air.configure(change),
    dispose: async () => {
      await Promise.all([server, ...others].map((each) => each.dispose()));
      for (const radio of radios.values()) radio.dispose();
      radios.clear();
      air.dispose();
    },
  };
};
