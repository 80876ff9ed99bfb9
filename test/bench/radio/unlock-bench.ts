/** What both unlock benchmarks have in common: locks on the air at 30 ms, the product's radio, and the floor beside it. */
import { systemClock } from '#kiosk/platform/clock.ts';
import { delay } from '#simulators/delay.ts';
import type { LockOperation } from '#kiosk/link/lock-driver.ts';
import type { AirReady } from './air-messages.ts';
import { openBareCentral } from './bare-central.ts';
import { openKioskRadio, type KioskRadio } from './kiosk-radio.ts';
import { openAir } from './open-air.ts';

export type BenchLock = AirReady['locks'][number];

export interface UnlockBench {
  /** The one that runs now. */
  readonly kiosk: KioskRadio;
  readonly locks: readonly BenchLock[];
  /** Milliseconds of one run of the floor: connect and two round trips, by HCI alone, to a lock in the same air. */
  floor(): Promise<number>;
  /** Milliseconds until the lock says that it is open. Throws if it does not. */
  open(lock: BenchLock, onStage?: LockOperation['onStage']): Promise<number>;
  /** Connects, as the kiosk does while a person chooses. Throws if it can't. */
  prepare(lock: BenchLock): Promise<void>;
  /** Lets the lock be heard again, and a part of its advertising interval pass, another one each time. */
  rest(lock: BenchLock): Promise<void>;
  /** Ends the kiosk and starts it anew: it knows what it has kept, and no more. */
  restart(): Promise<void>;
  dispose(): Promise<void>;
}

const deadlineMs = 10_000;
const advertisingIntervalMs = 100;
const actorHash = new Uint8Array(32);

export const openUnlockBench = async (lockCount: number): Promise<UnlockBench> => {
  const air = await openAir({ locks: lockCount, echoes: 1, foreign: null });
  let kept: string | null = null;
  const earlyStarts = {
    owner: () => 'bench',
    read: () => Promise.resolve(kept),
    write: (text: string) => {
      kept = text;
    },
  };
  const openKiosk = async (): Promise<KioskRadio> => {
    const opened = openKioskRadio({ ...air, earlyStarts });
    await opened.ready();
    for (const { serialNumber } of air.locks) await opened.seen(serialNumber);
    return opened;
  };
  let kiosk = await openKiosk();
  const bare = await openBareCentral(air.otherH4);
  const [echo] = air.echoes;
  if (echo === undefined) throw new Error('no lock that echoes');
  await bare.roundTrips(echo);

  return {
    get kiosk() {
      return kiosk;
    },
    locks: air.locks,
    floor: async () => {
      await delay(systemClock, advertisingIntervalMs * (1 + Math.random()));
      return bare.roundTrips(echo);
    },
    open: async ({ serialNumber, credentials }, onStage) => {
      const began = performance.now();
      const opened = await kiosk.driver.unlock(
        serialNumber,
        credentials,
        { holdOpenSeconds: 1, actorHash },
        { deadlineMs, ...(onStage ? { onStage } : {}) },
      );
      const took = performance.now() - began;
      if (!opened.ok) throw new Error(`${serialNumber} did not open: ${opened.error.code}`);
      return took;
    },
    prepare: async ({ serialNumber, credentials }) => {
      const prepared = await kiosk.driver.prepare?.(serialNumber, credentials.deviceCertificate, {
        deadlineMs,
      });
      if (!prepared?.ok) throw new Error(`${serialNumber} was not prepared`);
      // A person takes another moment; where in the connection interval it ends is chance.
      await delay(systemClock, advertisingIntervalMs * Math.random());
    },
    rest: async ({ serialNumber }) => {
      await kiosk.seen(serialNumber);
      await delay(systemClock, advertisingIntervalMs * Math.random());
    },
    restart: async () => {
      await kiosk.dispose();
      kiosk = await openKiosk();
    },
    dispose: async () => {
      bare.dispose();
      await kiosk.dispose();
      await air.dispose();
    },
  };
};
