/** The kiosk's radio on the kernel's adapter, and simulated locks on controllers of their own in the same air. */
import { filter, firstValueFrom, timeout } from 'rxjs';
import type { LockDriver } from '#kiosk/link/lock-driver.ts';
import { createOpenDriver } from '#kiosk/link/open-driver.ts';
import { systemClock } from '#kiosk/platform/clock.ts';
import { silentLogger } from '#kiosk/platform/logger.ts';
import { systemRandom } from '#kiosk/platform/random.ts';
import { forkRadioProcess } from '#kiosk/radio/fork-radio-process.ts';
import type { RadioState } from '#kiosk/radio/port.ts';
import { createRadioClient, type RadioClient } from '#kiosk/radio/radio-client.ts';
import { createLockRadio, type LockRadio } from '#simulators/air/lock-radio.ts';
import { makeBenchLocks, type BenchLocks } from '../../bench/radio/bench-locks.ts';
import { attachVirtualController } from '../../controllers/btvirt.ts';

export interface Scene {
  readonly radio: RadioClient;
  readonly driver: LockDriver;
  readonly locks: BenchLocks;
  until(wanted: RadioState): Promise<void>;
  /** Opens that lock; rejects when it does not. Answers milliseconds. */
  unlock(index: number): Promise<number>;
  /** Connects to it and leaves the link open. */
  link(index: number): Promise<void>;
  /** The lock loses its power, and has it again. btvirt has no supervision: nothing else tells a lock that its link is gone. */
  restart(index: number): void;
}

export const patienceMs = 20_000;
export const insist = (holds: boolean, what: string): void => {
  if (!holds) throw new Error(what);
};

const actorHash = new Uint8Array(32);
const radioEntry = '/app/radio-process.js';

export const openScene = async (): Promise<Scene> => {
  const locks = await makeBenchLocks(2, 1);
  const all = [...locks.made, ...locks.fresh].map(({ lock }) => lock);
  const radios: LockRadio[] = all.map((lock) =>
    createLockRadio({ attachController: attachVirtualController }, lock, 0),
  );
  const ports = { clock: systemClock, random: systemRandom, logger: silentLogger };
  const radio = createRadioClient({
    ...ports,
    spawn: () => forkRadioProcess({ entry: radioEntry }),
    config: {},
  });
  const driver = createOpenDriver({ ...ports, radio, vendorRoot: () => locks.root });
  const made = (index: number): BenchLocks['made'][number] => {
    const one = locks.made[index];
    if (!one) throw new Error(`there is no lock ${index}`);
    return one;
  };
  return {
    radio,
    driver,
    locks,
    until: async (wanted) => {
      await firstValueFrom(
        radio.state$.pipe(
          filter((state) => state === wanted),
          timeout(patienceMs),
        ),
      );
    },
    unlock: async (index) => {
      const { lock, credentials } = made(index);
      const began = performance.now();
      const opened = await driver.unlock(
        lock.serialNumber,
        credentials,
        { holdOpenSeconds: 1, actorHash },
        { deadlineMs: patienceMs },
      );
      insist(opened.ok, opened.ok ? '' : `lock ${index} did not open: ${opened.error.code}`);
      return performance.now() - began;
    },
    link: async (index) => {
      const { lock, credentials } = made(index);
      const linked = await driver.prepare?.(lock.serialNumber, credentials.deviceCertificate, {
        deadlineMs: patienceMs,
      });
      insist(linked?.ok === true, `lock ${index} is not connected to`);
    },
    restart: (index) => {
      radios[index]?.dispose();
      const lock = all[index];
      if (lock) radios[index] = createLockRadio({ attachController: attachVirtualController }, lock, 0);
    },
  };
};
