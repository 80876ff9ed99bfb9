/** What has to work over any controller: the kiosk's radio and driver, and simulated locks, in parts that checks are made of. */
import { filter, firstValueFrom, timeout } from 'rxjs';
import type { LockDriver, EnrolmentOffer } from '#kiosk/link/lock-driver.ts';
import type { RadioState } from '#kiosk/radio/port.ts';
import type { RadioClient } from '#kiosk/radio/radio-client.ts';
import type { BenchLock, BenchLocks } from '../bench/radio/bench-locks.ts';

export interface OnTheAir {
  readonly radio: RadioClient;
  readonly driver: LockDriver;
  readonly locks: BenchLocks;
}

export interface Check<Scene> {
  readonly name: string;
  /** Answers what is to be told of it; rejects where it did not hold. */
  run(scene: Scene): Promise<string>;
}

export const patienceMs = 20_000;
/** What docs/radio.md promises from the end of what ailed the radio. */
export const healsWithinMs = 5_000;

const actorHash = new Uint8Array(32);
const challenge = new Uint8Array(32).fill(7);
const operation = { deadlineMs: patienceMs };

export const ms = (value: number): string => `${Math.round(value)} ms`;
export const insist = (holds: boolean, what: string): void => {
  if (!holds) throw new Error(what);
};

export const madeLock = ({ locks }: Pick<OnTheAir, 'locks'>, index: number): BenchLock => {
  const one = locks.made[index];
  if (!one) throw new Error(`there is no lock ${index}`);
  return one;
};

export const until = async (
  { radio }: Pick<OnTheAir, 'radio'>,
  isWanted: (state: RadioState) => boolean,
): Promise<void> => {
  await firstValueFrom(radio.state$.pipe(filter(isWanted), timeout(patienceMs)));
};

/** Opens that lock; rejects when it does not. Answers milliseconds. */
export const unlock = async (air: OnTheAir, index: number): Promise<number> => {
  const { lock, credentials } = madeLock(air, index);
  const command = { holdOpenSeconds: 1, actorHash };
  const began = performance.now();
  const opened = await air.driver.unlock(lock.serialNumber, credentials, command, operation);
  insist(opened.ok, opened.ok ? '' : `lock ${index} did not open: ${opened.error.code}`);
  return performance.now() - began;
};

/** Connects to that lock and leaves the link open. */
export const link = async (air: OnTheAir, index: number): Promise<void> => {
  const { lock, credentials } = madeLock(air, index);
  const linked = await air.driver.prepare?.(lock.serialNumber, credentials.deviceCertificate, operation);
  insist(linked?.ok === true, `lock ${index} is not connected to`);
};

/** Kills the radio process, and waits until that is known. */
export const killRadio = async ({ radio }: Pick<OnTheAir, 'radio'>): Promise<void> => {
  if (radio.pid === undefined) throw new Error('no radio process');
  const gone = until({ radio }, (state) => state !== 'ready');
  process.kill(radio.pid, 'SIGKILL');
  await gone;
};

/** What the first new lock tells, so that it can be enrolled. */
export const readOffer = async ({ driver, locks }: OnTheAir): Promise<EnrolmentOffer> => {
  const offer = await driver.readEnrolment(locks.fresh[0]?.lock.serialNumber ?? '', challenge, operation);
  if (!offer.ok) throw new Error(`no offer: ${offer.error.code}`);
  return offer.value;
};

export const everyLockIsHeard: Check<OnTheAir> = {
  name: 'every lock is heard, and no signal strength is made up',
  run: async ({ driver, locks }) => {
    const strengths = await Promise.all(
      [...locks.made, ...locks.fresh].map(async ({ lock }) => {
        const mine = driver.sightings$.pipe(filter(({ serialNumber }) => serialNumber === lock.serialNumber));
        return (await firstValueFrom(mine.pipe(timeout(patienceMs)))).rssi;
      }),
    );
    insist(
      strengths.every((rssi) => rssi === null),
      `signal strengths of ${strengths.join(', ')}`,
    );
    return `${strengths.length} locks`;
  },
};

/** The first two by turns. */
export const locksOpen = (rounds: number): Check<OnTheAir> => ({
  name: 'locks open',
  run: async (air) => {
    const took: number[] = [];
    for (let round = 0; round < rounds; round += 1) took.push(await unlock(air, round % 2));
    return `${rounds} times, ${ms(Math.min(...took))} to ${ms(Math.max(...took))}`;
  },
});

/** One line, and whether it held. */
export const outcomeOf = async <Scene>(
  check: Check<Scene>,
  scene: Scene,
): Promise<{ readonly held: boolean; readonly line: string }> => {
  try {
    return { held: true, line: `ok     ${check.name}: ${await check.run(scene)}` };
  } catch (error) {
    return {
      held: false,
      line: `FAILED ${check.name}: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
};
