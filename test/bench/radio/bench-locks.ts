/** Locks of a vendor that exists for one benchmark, bound to a customer, with what opens each. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LockCredentials } from '#kiosk/link/lock-driver.ts';
import { systemClock } from '#kiosk/platform/clock.ts';
import { systemRandom } from '#kiosk/platform/random.ts';
import { volatileMemory } from '#simulators/lock/lock-state.ts';
import { createSimulatedLock, type SimulatedLock } from '#simulators/lock/simulated-lock.ts';
import { openVendor, type LockIdentity } from '#simulators/vendor/open-vendor.ts';

export interface BenchLock {
  readonly lock: SimulatedLock;
  readonly identity: LockIdentity;
  readonly credentials: LockCredentials;
}

export interface BenchLocks {
  /** The vendor's root certificate, DER. */
  readonly root: Uint8Array;
  readonly made: readonly BenchLock[];
}

const dayMs = 86_400_000;
/** Their serial numbers begin elsewhere than those of the locks that echo. */
const firstSerial = 0x0600;

export const makeBenchLocks = async (count: number): Promise<BenchLocks> => {
  const dir = mkdtempSync(join(tmpdir(), 'bench-vendor-'));
  const vendor = await openVendor(dir);
  const customer = await vendor.addCustomer('acme');
  const now = systemClock.now();
  const validFrom = now - 60_000;
  const intermediate = await customer.issueIntermediate({
    notBefore: validFrom,
    notAfter: now + 14 * dayMs,
    epoch: 1,
  });
  const make = async (index: number): Promise<BenchLock> => {
    const serialNumber = `0000051a${(firstSerial + index).toString(16).padStart(8, '0')}`;
    const identity = await vendor.manufactureLock(serialNumber, 'CAM');
    const lock = createSimulatedLock({
      identity,
      clock: systemClock,
      random: systemRandom,
      memory: volatileMemory(),
    });
    lock.provisionAtFactory(customer.publicKey);
    const secret = vendor.openEnrolmentCode(lock.enrolmentCode());
    const key = await customer.issueKey({ ...secret, notBefore: validFrom });
    return {
      lock,
      identity,
      credentials: { ...key, intermediate, deviceCertificate: lock.deviceCertificate },
    };
  };
  const made: BenchLock[] = [];
  for (let index = 0; index < count; index += 1) made.push(await make(index));
  rmSync(dir, { recursive: true, force: true });
  return { root: vendor.root, made };
};
