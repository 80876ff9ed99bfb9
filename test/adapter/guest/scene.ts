/** The kiosk's radio on the kernel's adapter, and simulated locks on controllers of their own in the same air. */
import { createOpenDriver } from '#kiosk/link/kiosk/open-driver.ts';
import { systemClock } from '#kiosk/platform/clock.ts';
import { silentLogger } from '#shared/flow/logger.ts';
import { systemRandom } from '#kiosk/platform/random.ts';
import { forkRadioProcess } from '#kiosk/radio/fork-radio-process.ts';
import { createRadioClient } from '#kiosk/radio/radio-client.ts';
import { createLockRadio, type LockRadio } from '#simulators/air/lock-radio.ts';
import { makeBenchLocks } from '../../bench/radio/bench-locks.ts';
import { attachVirtualController } from '../../controllers/btvirt.ts';
import type { OnTheAir } from '../../controllers/radio-checks.ts';

export interface Scene extends OnTheAir {
  /** The lock loses its power, and has it again. btvirt has no supervision: nothing else tells a lock that its link is gone. */
  restart(index: number): void;
}

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
  return {
    radio,
    driver,
    locks,
    restart: (index) => {
      radios[index]?.dispose();
      const lock = all[index];
      if (lock) radios[index] = createLockRadio({ attachController: attachVirtualController }, lock, 0);
    },
  };
};
