/** What has to work over a controller that nobody here wrote: the kiosk's radio process and driver, and simulated locks. */
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
import { makeBenchLocks, type BenchLocks } from '../bench/radio/bench-locks.ts';
import type { Btvirt } from './btvirt.ts';

interface Scene {
  readonly radio: RadioClient;
  readonly driver: LockDriver;
  readonly locks: BenchLocks;
  /** The lock loses its power. */
  vanish(index: number): void;
  appear(index: number): void;
}

interface Check {
  readonly name: string;
  run(scene: Scene): Promise<string>;
}

const patienceMs = 20_000;
const reachableWithinMs = 5_000;
const actorHash = new Uint8Array(32);
const rounds = 10;
const challenge = new Uint8Array(32).fill(7);

const insist = (holds: boolean, what: string): void => {
  if (!holds) throw new Error(what);
};

const until = ({ radio }: Scene, wanted: (state: RadioState) => boolean): Promise<RadioState> =>
  firstValueFrom(radio.state$.pipe(filter(wanted), timeout(patienceMs)));

const unlock = async ({ driver, locks }: Scene, index: number): Promise<number> => {
  const one = locks.made[index];
  if (!one) throw new Error(`there is no lock ${index}`);
  const began = performance.now();
  const opened = await driver.unlock(
    one.lock.serialNumber,
    one.credentials,
    { holdOpenSeconds: 1, actorHash },
    { deadlineMs: patienceMs },
  );
  insist(opened.ok, opened.ok ? '' : `the lock did not open: ${opened.error.code}`);
  return performance.now() - began;
};

const killed = async (scene: Scene): Promise<number> => {
  if (scene.radio.pid === undefined) throw new Error('no radio process');
  const gone = until(scene, (state) => state !== 'ready');
  process.kill(scene.radio.pid, 'SIGKILL');
  await gone;
  await until(scene, (state) => state === 'ready');
  return performance.now();
};

const ms = (value: number): string => `${Math.round(value)} ms`;

const checks: readonly Check[] = [
  {
    name: 'every lock is heard, and no signal strength is made up',
    run: async ({ driver, locks }) => {
      const strengths = await Promise.all(
        [...locks.made, ...locks.fresh].map(async ({ lock }) => {
          const mine = driver.sightings$.pipe(
            filter(({ serialNumber }) => serialNumber === lock.serialNumber),
          );
          return (await firstValueFrom(mine.pipe(timeout(patienceMs)))).rssi;
        }),
      );
      insist(
        strengths.every((rssi) => rssi === null),
        `signal strengths of ${strengths.join(', ')}`,
      );
      return `${strengths.length} locks`;
    },
  },
  {
    name: 'locks open',
    run: async (scene) => {
      const took: number[] = [];
      for (let round = 0; round < rounds; round += 1) took.push(await unlock(scene, round % 2));
      took.sort((one, other) => one - other);
      return `${rounds} times, ${ms(took[0] ?? 0)} to ${ms(took.at(-1) ?? 0)}`;
    },
  },
  {
    name: 'a new lock tells what is needed to enrol it',
    run: async ({ driver, locks }) => {
      const [fresh] = locks.fresh;
      const offer = await driver.readEnrolment(fresh?.lock.serialNumber ?? '', challenge, {
        deadlineMs: patienceMs,
      });
      insist(offer.ok, offer.ok ? '' : offer.error.code);
      return offer.ok ? `${offer.value.enrolmentCode.length} bytes of code` : '';
    },
  },
  {
    name: 'radio process killed with a link open: another lock opens within five seconds, and then the same',
    run: async (scene) => {
      const [one] = scene.locks.made;
      if (!one) throw new Error('no lock');
      const { deviceCertificate } = one.credentials;
      const linked = await scene.driver.prepare?.(one.lock.serialNumber, deviceCertificate, {
        deadlineMs: patienceMs,
      });
      insist(linked?.ok === true, 'the lock is not connected to');
      const since = await killed(scene);
      await unlock(scene, 1);
      const took = performance.now() - since;
      insist(took < reachableWithinMs, `after ${ms(took)}`);
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
      const one = scene.locks.made[0];
      if (!one) throw new Error('no lock');
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
      insist(took < reachableWithinMs, `after ${ms(took)}`);
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
    try {
      tell(`ok     ${check.name}: ${await check.run(scene)}`);
    } catch (error) {
      failed += 1;
      tell(`FAILED ${check.name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  await driver.dispose();
  await radio.dispose();
  for (const each of radios.values()) each.dispose();
  for (const { lock } of all) lock.dispose();
  return failed;
};
