/** A new lock captured over real noble and real bleno: what its proof costs the person who waits for it. */
import { filter, firstValueFrom } from 'rxjs';
import { decodeAdvertisement } from '#kiosk/link/wire/advertisement.ts';
import { captureChallenge } from '#kiosk/link/kiosk/capture-proof.ts';
import { systemClock } from '#kiosk/platform/clock.ts';
import { delay } from '#simulators/delay.ts';
import type { Bench } from './bench.ts';
import { openKioskRadio, type KioskRadio } from './radio/kiosk-radio.ts';
import { openAir, type OpenAir } from './radio/open-air.ts';
import { median, quantile } from './statistics.ts';

const locksOfEach = 4;
const runsPerLock = 12;
const deadlineMs = 10_000;
const advertisingIntervalMs = 100;

interface Shelf {
  readonly kiosk: KioskRadio;
  readonly locks: OpenAir['newLocks'];
  /** Lets the lock be heard again, and a part of its advertising interval pass; answers the radio's name for it. */
  readonly rest: (serialNumber: string) => Promise<string>;
  dispose(): Promise<void>;
}

const openShelf = async (): Promise<Shelf> => {
  const air = await openAir({ locks: 0, newLocks: locksOfEach, echoes: 0, foreign: null });
  const kiosk = openKioskRadio(air);
  await kiosk.ready();
  return {
    kiosk,
    locks: air.newLocks,
    rest: async (serialNumber) => {
      const { peer } = await firstValueFrom(
        kiosk.radio.advertisements$.pipe(
          filter(
            ({ manufacturerData, serviceData }) =>
              decodeAdvertisement(manufacturerData, serviceData)?.serialNumber === serialNumber,
          ),
        ),
      );
      await delay(systemClock, advertisingIntervalMs * Math.random());
      return peer;
    },
    dispose: async () => {
      await kiosk.dispose();
      await air.dispose();
    },
  };
};

/** What the release before did: connects, reads the three characteristics one after the other, and closes. */
const readAlone = async ({ kiosk, rest }: Shelf, serialNumber: string): Promise<number> => {
  const peer = await rest(serialNumber);
  const began = performance.now();
  const link = await kiosk.radio.connect(peer, { timeoutMs: deadlineMs });
  for (const characteristic of ['info', 'certificate', 'enrolment'] as const)
    await link.read(characteristic, { timeoutMs: deadlineMs });
  const took = performance.now() - began;
  await link.close();
  return took;
};

const captureOne = async (
  { kiosk, rest }: Shelf,
  { serialNumber, linkVersion }: Shelf['locks'][number],
  run: number,
): Promise<number> => {
  await rest(serialNumber);
  const challenge = captureChallenge('bench', `${run}`);
  const began = performance.now();
  const offer = await kiosk.driver.readEnrolment(serialNumber, challenge, { deadlineMs });
  const took = performance.now() - began;
  if (!offer.ok) throw new Error(`${serialNumber} was not captured: ${offer.error.code}`);
  if ((offer.value.proof === null) !== (linkVersion === 1)) throw new Error(`${serialNumber}: its proof`);
  return took;
};

export const capture: Bench = {
  name: 'capture',
  work: `${locksOfEach} new locks of each version of the link, captured ${runsPerLock} times each; 30 ms interval, 4 packets per event`,
  run: async () => {
    const shelf = await openShelf();
    const proven: number[] = [];
    const unproven: number[] = [];
    const alone: number[] = [];
    try {
      // What is found out about a lock at its first time is known until the kiosk is started anew.
      for (const { serialNumber } of shelf.locks) await readAlone(shelf, serialNumber);
      for (let run = 0; run < runsPerLock; run += 1) {
        for (const lock of shelf.locks) {
          if (lock.linkVersion === 2) alone.push(await readAlone(shelf, lock.serialNumber));
          (lock.linkVersion === 2 ? proven : unproven).push(await captureOne(shelf, lock, run));
        }
      }
    } finally {
      await shelf.dispose();
    }
    const [withProof, without, reading] = [median(proven), median(unproven), median(alone)];
    return [
      {
        part: '',
        figure: withProof,
        unit: 'ms',
        goal: { relation: '<=', value: 1000 },
        baseline: `without a proof (version 1 of the link): ${without.toFixed(0)} ms`,
      },
      {
        part: 'p95',
        figure: quantile(proven, 0.95),
        unit: 'ms',
        goal: { relation: '<=', value: 1500 },
        baseline: `without proof: ${quantile(unproven, 0.95).toFixed(0)} ms`,
      },
      {
        part: 'version-1-ratio',
        figure: withProof / without,
        unit: '×',
        goal: { relation: '<=', value: 1.5 },
        baseline: `a lock of version 1, which signs the session alone: ${without.toFixed(0)} ms`,
      },
      {
        part: 'read-ratio',
        figure: withProof / reading,
        unit: '×',
        goal: { relation: '<=', value: 1.5 },
        baseline: `three characteristics read and nothing proven, as the release before did: ${reading.toFixed(0)} ms`,
      },
    ];
  },
};
