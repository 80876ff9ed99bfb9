/** Locks of a vendor that exists for one benchmark: bound to a customer, with what opens each, and new ones. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LockCredentials } from '#kiosk/link/lock-driver.ts';
import { systemClock } from '#kiosk/platform/clock.ts';
import { systemRandom } from '#kiosk/platform/random.ts';
import { volatileMemory } from '#simulators/lock/lock-state.ts';
import { createSimulatedLock, type SimulatedLock } from '#simulators/lock/simulated-lock.ts';
import { openVendor, type LockIdentity } from '#simulators/live-lock/open-vendor.ts';

export interface BenchLock {
  readonly lock: SimulatedLock;
  readonly identity: LockIdentity;
  readonly credentials: LockCredentials;
}

export interface BenchLocks {
  /** The vendor's root certificate, DER. */
  readonly root: Uint8Array;
  readonly made: readonly BenchLock[];
  /** New locks, those of version 2 of the link and those of version 1 by turns. */
  readonly fresh: readonly { readonly lock: SimulatedLock; readonly linkVersion: 1 | 2 }[];
  /** What the backend does with a captured code: the vendor opens it, and the customer issues a key. */
  credentialsFor(enrolmentCode: Uint8Array, deviceCertificate: Uint8Array): Promise<LockCredentials>;
}

const dayMs = 86_400_000;
/** Their serial numbers begin elsewhere than those of the locks that echo. */
const firstSerial = 0x0600;

/** `newOfEach`: how many new locks of each version of the link. */
export const makeBenchLocks = async (count: number, newOfEach = 0): Promise<BenchLocks> => {
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
  const manufacture = async (
    index: number,
    linkVersion: 1 | 2,
  ): Promise<{ lock: SimulatedLock; identity: LockIdentity }> => {
    const serialNumber = `0000051a${(firstSerial + index).toString(16).padStart(8, '0')}`;
    const identity = await vendor.manufactureLock(serialNumber, 'CAM');
    const ports = { identity, clock: systemClock, random: systemRandom, memory: volatileMemory() };
    return { identity, lock: createSimulatedLock({ ...ports, linkVersion }) };
  };
  const credentialsFor: BenchLocks['credentialsFor'] = async (code, deviceCertificate) => {
    const secret = vendor.openEnrolmentCode(code);
    const key = await customer.issueKey({ ...secret, notBefore: validFrom });
    return { ...key, intermediate, deviceCertificate };
  };
  const make = async (index: number): Promise<BenchLock> => {
    const { lock, identity } = await manufacture(index, 2);
    lock.provisionAtFactory(customer.publicKey);
    const credentials = await credentialsFor(lock.enrolmentCode(), lock.deviceCertificate);
    return { lock, identity, credentials };
  };
  const made: BenchLock[] = [];
  for (let index = 0; index < count; index += 1) made.push(await make(index));
  const fresh: BenchLocks['fresh'][number][] = [];
  for (let index = 0; index < 2 * newOfEach; index += 1) {
    const linkVersion = index % 2 === 0 ? 2 : 1;
    fresh.push({ lock: (await manufacture(count + index, linkVersion)).lock, linkVersion });
  }
  rmSync(dir, { recursive: true, force: true });
  return { root: vendor.root, made, fresh, credentialsFor };
};
