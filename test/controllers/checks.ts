/** What has to work over a controller that nobody here wrote: the kiosk's radio process and driver, and simulated locks. */
import { filter, firstValueFrom, timeout } from 'rxjs';
import { createOpenDriver } from '#kiosk/link/kiosk/open-driver.ts';
import { systemClock } from '#kiosk/platform/clock.ts';
import { silentLogger } from '#shared/flow/logger.ts';
import { systemRandom } from '#kiosk/platform/random.ts';
import { forkRadioProcess } from '#kiosk/radio/fork-radio-process.ts';
import { createRadioClient } from '#kiosk/radio/radio-client.ts';
import { createLockRadio, type LockRadio } from '#simulators/air/lock-radio.ts';
import { makeBenchLocks } from '../bench/radio/bench-locks.ts';
import type { Btvirt } from './btvirt.ts';
import {
  everyLockIsHeard,
  healsWithinMs,
  insist,
  killRadio,
  link,
  locksOpen,
  madeLock,
  ms,
  outcomeOf,
  patienceMs,
  readOffer,
  unlock,
  until,
  type Check,
  type OnTheAir,
} from './radio-checks.ts';

interface Scene extends OnTheAir {
  /** The lock loses its power. */
  vanish(index: number): void;
  appear(index: number): void;
}

/** Answers when the radio was back. */
const killed = async (scene: Scene): Promise<number> => {
  await killRadio(scene);
  await until(scene, (state) => state === 'ready');
  return performance.now();
};

const checks: readonly Check<Scene>[] = [
  everyLockIsHeard,
  locksOpen(10),
  {
    name: 'a new lock tells what is needed to enrol it',
    run: async (scene) => `${(await readOffer(scene)).enrolmentCode.length} bytes of code`,
  },
  {
    name: 'radio process killed with a link open: another lock opens within five seconds, and then the same',
    run: async (scene) => {
      await link(scene, 0);
      const since = await killed(scene);
      await unlock(scene, 1);
      const took = performance.now() - since;
      insist(took < healsWithinMs, `after ${ms(took)}`);
      // btvirt has no supervision of links: nothing but this tells the lock that its link is no more.
      scene.vanish(0);
      scene.appear(0);
      await unlock(scene, 0);
      return `after ${ms(took)}`;
    },
  },
  {
    name: 'radio process killed while it connects to a lock that is gone: another one opens',
    run: async (scene) => {
      const one = madeLock(scene, 0);
      const heard = scene.driver.sightings$.pipe(
        filter((each) => each.serialNumber === one.lock.serialNumber),
      );
      await firstValueFrom(heard.pipe(timeout(patienceMs)));
      scene.vanish(0);
      const vain = scene.driver.status(one.lock.serialNumber, one.credentials, { deadlineMs: patienceMs });
      await firstValueFrom(
        scene.radio.listening$.pipe(
          filter((listens) => !listens),
          timeout(patienceMs),
        ),
      );
      const since = await killed(scene);
      await unlock(scene, 1);
      const took = performance.now() - since;
      await vain;
      insist(took < healsWithinMs, `after ${ms(took)}`);
      return `after ${ms(took)}`;
    },
  },
];

/** How many checks failed; each is told as it ends. */
export const runControllerChecks = async (btvirt: Btvirt, tell: (line: string) => void): Promise<number> => {
  const locks = await makeBenchLocks(2, 1);
  const all = [...locks.made, ...locks.fresh];
  const radios = new Map<number, LockRadio>();
  const vanish = (index: number): void => radios.get(index)?.dispose();
  const appear = (index: number): void => {
    const lock = all[index]?.lock;
    if (lock) radios.set(index, createLockRadio(btvirt, lock, 0));
  };
  for (const index of all.keys()) appear(index);
  const ports = { clock: systemClock, random: systemRandom, logger: silentLogger };
  const radio = createRadioClient({ ...ports, spawn: forkRadioProcess, config: { h4: btvirt.h4 } });
  const driver = createOpenDriver({ ...ports, radio, vendorRoot: () => locks.root });
  const scene: Scene = { radio, driver, locks, vanish, appear };
  let failed = 0;
  for (const check of checks) {
    const { held, line } = await outcomeOf(check, scene);
    if (!held) failed += 1;
    tell(line);
  }
  await driver.dispose();
  await radio.dispose();
  for (const each of radios.values()) each.dispose();
  for (const { lock } of all) lock.dispose();
  return failed;
};
