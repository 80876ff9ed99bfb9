/** One provisioned lock on a bench with the open driver and what opens it, made anew for each test of a file. */
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import type { LockCredentials } from '#kiosk/link/lock-driver.ts';
import { volatileMemory, type LockMemory } from '#simulators/lock/lock-state.ts';
import type { SimulatedLock } from '#simulators/lock/simulated-lock.ts';
import type { LockIdentity, Vendor } from '#simulators/live-lock/open-vendor.ts';
import { createLockBench, makeVendor, type LockBench } from './lock-bench.ts';

export const benchSerial = '0000051a00000005';

export interface LockOnBench {
  readonly vendor: Vendor;
  readonly bench: LockBench;
  /** Its serial number is `benchSerial`. */
  readonly lock: SimulatedLock;
  readonly identity: LockIdentity;
  /** What the lock remembers of itself. */
  readonly memory: LockMemory;
  readonly credentials: LockCredentials;
}

/** To be called at the top of a file: `ready` gets the bench before each test. The vendor is the same for all of them. */
export const useLockOnBench = (ready: (on: LockOnBench) => void): void => {
  let vendor: Vendor;
  let forgetVendor: () => Promise<void>;
  let bench: LockBench;

  beforeAll(async () => {
    ({ vendor, dispose: forgetVendor } = await makeVendor());
  });
  afterAll(() => forgetVendor());
  beforeEach(async () => {
    bench = await createLockBench(vendor);
    const identity = await vendor.manufactureLock(benchSerial, 'CAM');
    const memory = volatileMemory();
    const lock = await bench.makeLock(benchSerial, { identity, memory, provisioned: true });
    const credentials = await bench.credentials(lock);
    ready({ vendor, bench, lock, identity, memory, credentials });
  });
  afterEach(() => bench.dispose());
};
