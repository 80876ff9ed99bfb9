/** The suite's own world: simulated locks that speak the open link, on a fake radio and a clock that moves on demand. */
import { lockStateSchema, volatileMemory } from '#simulators/lock/lock-state.ts';
import { createSimulatedLock, type SimulatedLock } from '#simulators/lock/simulated-lock.ts';
import type { Customer } from '#simulators/live-lock/customer.ts';
import type { LockConnection, LockPeripheral } from '#simulators/lock/peripheral.ts';
import type { LockIdentity, Vendor } from '#simulators/live-lock/open-vendor.ts';
import { deriveLockKey } from '#kiosk/link/lock/derive-key.ts';
import { ManualClock } from '#kiosk/platform/manual-clock.ts';
import type { Clock } from '#kiosk/platform/clock.ts';
import type { Logger } from '#shared/flow/logger.ts';
import { systemRandom, type Random } from '#kiosk/platform/random.ts';
import type { RadioPort } from '#kiosk/radio/port.ts';
import { FakeRadio } from '#support/fake-radio.ts';
import { createRecordingLogger } from '#support/recording-logger.ts';
import { makeVendor } from '#support/lock-bench.ts';
import { faulty } from './open-faults.ts';
import type { LockState, World, WorldLock } from './world.ts';

/** What a driver for the open link is built from, all of it belonging to one world. */
export interface OpenWorld extends World {
  readonly clock: Clock;
  readonly radio: RadioPort;
  readonly random: Random;
  readonly logger: Logger;
  /** The vendor's root certificate, X.509 DER. */
  readonly vendorRoot: Uint8Array;
}

export interface OpenWorlds {
  create(): Promise<OpenWorld>;
  dispose(): Promise<void>;
}

const dayMs = 86_400_000;

/** Vendors take a while to found: one pair serves all worlds. */
export const createOpenWorlds = async (): Promise<OpenWorlds> => {
  const [genuine, forger] = await Promise.all([makeVendor(), makeVendor()]);
  const customer = await genuine.vendor.addCustomer('acme');
  const stranger = await genuine.vendor.addCustomer('stranger');
  const makers = { vendor: genuine.vendor, forger: forger.vendor, customer, stranger };
  return {
    create: () => Promise.resolve(createOpenWorld(makers)),
    dispose: async () => {
      await genuine.dispose();
      await forger.dispose();
    },
  };
};

interface Makers {
  readonly vendor: Vendor;
  /** Makes locks that look genuine until their certificate is checked. */
  readonly forger: Vendor;
  readonly customer: Customer;
  readonly stranger: Customer;
}

const ringHolds = 100;
const fillRing = (lock: SimulatedLock): void => {
  for (let count = 0; count <= ringHolds; count += 1) {
    lock.setTamper(true);
    lock.setTamper(false);
  }
};

interface Advertiser {
  readonly peripheral: LockPeripheral;
  readonly isLinked: () => boolean;
}

/** A lock says nothing on the air while someone is connected to it. */
const silentWhileLinked = (lock: LockPeripheral): Advertiser => {
  let links = 0;
  const around = (connection: LockConnection): LockConnection => {
    links += 1;
    return {
      receive: (frame) => connection.receive(frame),
      disconnected: () => {
        links -= 1;
        connection.disconnected();
      },
    };
  };
  return {
    peripheral: { ...lock, connected: (notify) => around(lock.connected(notify)) },
    isLinked: () => links > 0,
  };
};

const isNew = (state: LockState): boolean => state === 'new' || state.startsWith('new_');

const createOpenWorld = ({ vendor, forger, customer, stranger }: Makers): OpenWorld => {
  const clock = new ManualClock();
  const radio = new FakeRadio({ clock });
  const logger = createRecordingLogger();
  const made: SimulatedLock[] = [];
  const inTheAir: Advertiser[] = [];

  const build = (identity: LockIdentity, linkVersion: 1 | 2 = 2) => {
    const memory = volatileMemory();
    const lock = createSimulatedLock({ identity, clock, random: systemRandom, memory, linkVersion });
    made.push(lock);
    const remembered = () => lockStateSchema.parse(memory.read());
    const timesOpened = (): number => remembered().events.filter(({ kind }) => kind === 'unlocked').length;
    return { lock, timesOpened, isProvisioned: () => remembered().customerKey !== null };
  };
  const credentialsOf = async (lock: SimulatedLock, lapsed: boolean) => {
    const secret = vendor.openEnrolmentCode(lock.enrolmentCode());
    const now = clock.now();
    return {
      ...(await customer.issueKey({ ...secret, notBefore: now - 30 * dayMs })),
      intermediate: await customer.issueIntermediate({
        notBefore: now - 30 * dayMs,
        notAfter: lapsed ? now - dayMs : now + 14 * dayMs,
        epoch: 1,
      }),
      deviceCertificate: lock.deviceCertificate,
    };
  };

  const releaseTokenOf = (lock: SimulatedLock): Uint8Array => {
    const { serialNumber, secret } = vendor.openEnrolmentCode(lock.enrolmentCode());
    return vendor.signRelease(serialNumber, deriveLockKey(secret, serialNumber).publicKey);
  };

  const lock = async (state: LockState): Promise<WorldLock> => {
    const serialNumber = `0000051a${(made.length + 1).toString(16).padStart(8, '0')}`;
    const linkVersion = state === 'new_unproven' ? 1 : 2;
    const own = build(await vendor.manufactureLock(serialNumber, 'CAM'), linkVersion);
    const shown = state === 'counterfeit' ? build(await forger.manufactureLock(serialNumber, 'CAM')) : own;
    if (state === 'foreign') shown.lock.provisionAtFactory(stranger.publicKey);
    else if (!isNew(state) && state !== 'counterfeit') shown.lock.provisionAtFactory(customer.publicKey);
    if (state === 'jammed') shown.lock.setJammed(true);
    if (state === 'full_ring') fillRing(shown.lock);
    const advertiser = silentWhileLinked(faulty(state, shown, { clock, dropLinks: () => radio.dropLinks() }));
    const { peripheral } = advertiser;
    if (state !== 'absent') {
      radio.add(peripheral);
      inTheAir.push(advertiser);
      radio.setUnreachable(peripheral, state === 'unreachable');
      radio.hear(peripheral);
    }
    return {
      serialNumber,
      deviceCertificate: own.lock.deviceCertificate,
      credentials: ({ lapsed = false } = {}) => credentialsOf(own.lock, lapsed),
      timesOpened: shown.timesOpened,
      isProvisioned: shown.isProvisioned,
      releaseToken: () => Promise.resolve(releaseTokenOf(own.lock)),
    };
  };

  return {
    clock,
    radio,
    random: systemRandom,
    logger,
    vendorRoot: vendor.root,
    lock,
    pass: async (ms) => {
      for (const { peripheral, isLinked } of inTheAir) if (!isLinked()) radio.hear(peripheral);
      // Everything that takes no time happens before time goes on.
      for (let tick = 0; tick < 60; tick += 1) await new Promise((resolve) => setImmediate(resolve));
      await clock.advance(ms);
    },
    logged: () => JSON.stringify(logger.lines),
    dispose: async () => {
      await radio.dispose();
      for (const each of made) each.dispose();
    },
  };
};
