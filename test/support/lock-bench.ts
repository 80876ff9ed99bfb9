/** A vendor, a customer, simulated locks and the open driver on one fake radio: what a test of a driver needs. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createOpenDriver, type OpenDriverPorts } from '#kiosk/link/kiosk/open-driver.ts';
import type { LockCredentials, LockDriver } from '#kiosk/link/lock-driver.ts';
import { ManualClock } from '#kiosk/platform/manual-clock.ts';
import { systemRandom } from '#kiosk/platform/random.ts';
import { volatileMemory, type LockMemory } from '#simulators/lock/lock-state.ts';
import { createSimulatedLock, type SimulatedLock } from '#simulators/lock/simulated-lock.ts';
import type { Customer } from '#simulators/live-lock/customer.ts';
import { openVendor, type LockIdentity, type Vendor } from '#simulators/live-lock/open-vendor.ts';
import { FakeRadio } from './fake-radio.ts';
import { createRecordingLogger } from './recording-logger.ts';

const dayMs = 86_400_000;

export interface LockBench {
  readonly vendor: Vendor;
  readonly customer: Customer;
  readonly clock: ManualClock;
  readonly radio: FakeRadio;
  readonly driver: LockDriver;
  readonly logger: ReturnType<typeof createRecordingLogger>;
  /** A lock in the air, heard once. Its clock is the bench's. */
  makeLock(serialNumber: string, options?: MakeLockOptions): Promise<SimulatedLock>;
  /** An intermediate of the customer, good for 14 days from now unless told. */
  intermediate(options?: IntermediateOptions): Promise<Uint8Array>;
  /** What opens the lock: its key from the enrolment code, and an intermediate. */
  credentials(lock: SimulatedLock, options?: CredentialsOptions): Promise<LockCredentials>;
  /** Lets everything happen that needs no time to pass on the clock. */
  settle(): Promise<void>;
  dispose(): Promise<void>;
}

export interface MakeLockOptions {
  readonly provisioned?: boolean;
  readonly memory?: LockMemory;
  /** A lock that was manufactured before, to switch it on again. */
  readonly identity?: LockIdentity;
  readonly battery?: number;
  readonly linkVersion?: 1 | 2;
  /** Whether it offers an early start; it does unless told. */
  readonly earlyStart?: boolean;
}
export interface IntermediateOptions {
  readonly customer?: Customer;
  /** Milliseconds relative to the bench's clock. */
  readonly startsIn?: number;
  readonly lapsesIn?: number;
  readonly epoch?: number;
}
export interface CredentialsOptions extends IntermediateOptions {
  readonly intermediate?: Uint8Array;
  readonly keyEpoch?: number;
}

/** Keys take a while to make: one vendor serves many benches. */
export const makeVendor = async (): Promise<{ vendor: Vendor; dispose: () => Promise<void> }> => {
  const dir = await mkdtemp(join(tmpdir(), 'vendor-'));
  const vendor = await openVendor(dir);
  return { vendor, dispose: () => rm(dir, { recursive: true, force: true }) };
};

export interface LockBenchOptions {
  /** Bytes that the radio carries in one frame, and that the locks say they do. */
  readonly maxFrame?: number;
  readonly frameSize?: number;
  /** Where the driver gets time tokens; without it, nowhere. */
  readonly timeToken?: OpenDriverPorts['timeToken'];
  readonly revocationLists?: OpenDriverPorts['revocationLists'];
  readonly earlyStarts?: OpenDriverPorts['earlyStarts'];
}

export const createLockBench = async (vendor: Vendor, sizes: LockBenchOptions = {}): Promise<LockBench> => {
  const customer = await vendor.addCustomer('acme');
  const clock = new ManualClock();
  const radio = new FakeRadio({
    clock,
    ...(sizes.maxFrame === undefined ? {} : { maxFrame: sizes.maxFrame }),
  });
  const logger = createRecordingLogger();
  const driver = createOpenDriver({
    radio,
    clock,
    random: systemRandom,
    logger,
    vendorRoot: () => vendor.root,
    ...(sizes.timeToken === undefined ? {} : { timeToken: sizes.timeToken }),
    ...(sizes.revocationLists === undefined ? {} : { revocationLists: sizes.revocationLists }),
    ...(sizes.earlyStarts === undefined ? {} : { earlyStarts: sizes.earlyStarts }),
  });
  const locks: SimulatedLock[] = [];

  const intermediate = (options: IntermediateOptions = {}): Promise<Uint8Array> =>
    (options.customer ?? customer).issueIntermediate({
      notBefore: clock.now() + (options.startsIn ?? -60_000),
      notAfter: clock.now() + (options.lapsesIn ?? 14 * dayMs),
      epoch: options.epoch ?? 1,
    });

  return {
    vendor,
    customer,
    clock,
    radio,
    driver,
    logger,
    makeLock: async (serialNumber, options = {}) => {
      const lock = createSimulatedLock({
        identity: options.identity ?? (await vendor.manufactureLock(serialNumber, 'CAM')),
        clock,
        random: systemRandom,
        memory: options.memory ?? volatileMemory(),
        ...(sizes.frameSize === undefined ? {} : { frameSize: sizes.frameSize }),
        ...(options.battery === undefined ? {} : { battery: options.battery }),
        ...(options.linkVersion === undefined ? {} : { linkVersion: options.linkVersion }),
        ...(options.earlyStart === undefined ? {} : { earlyStart: options.earlyStart }),
      });
      if (options.provisioned) lock.provisionAtFactory(customer.publicKey);
      locks.push(lock);
      radio.add(lock);
      radio.hear(lock);
      return lock;
    },
    intermediate,
    credentials: async (lock, options = {}) => {
      const secret = vendor.openEnrolmentCode(lock.enrolmentCode());
      const key = await (options.customer ?? customer).issueKey({
        ...secret,
        notBefore: clock.now(),
        ...(options.keyEpoch === undefined ? {} : { keyEpoch: options.keyEpoch }),
      });
      return {
        ...key,
        intermediate: options.intermediate ?? (await intermediate(options)),
        deviceCertificate: lock.deviceCertificate,
      };
    },
    settle: async () => {
      for (let tick = 0; tick < 100; tick += 1) await new Promise((resolve) => setImmediate(resolve));
    },
    dispose: async () => {
      await driver.dispose();
      await radio.dispose();
      for (const lock of locks) lock.dispose();
    },
  };
};
