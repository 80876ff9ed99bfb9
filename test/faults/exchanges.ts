/** What a kiosk does with a lock while the air fails it. */
import type { Result } from '#shared/errors/app-error.ts';
import type { LockDriver, LockOperation } from '#kiosk/link/lock-driver.ts';
import type { FaultWorld } from './world.ts';

export interface Exchange {
  readonly name: string;
  /** The lock's provisioning bit before. */
  readonly provisioned: boolean;
  /** After another one that succeeded, so that the lock has the chain cached and the kiosk the frame size. */
  readonly again: boolean;
  /** Nothing of it is authenticated, so a flipped bit can make another answer of it. */
  readonly unproven?: boolean;
  /** Done on a mere guess, so a lost link is not opened anew. */
  readonly onlyOnce?: boolean;
  /** What it changes in the lock, if anything. */
  readonly changes: 'bolt' | 'binding' | 'release' | null;
  run(driver: LockDriver, world: FaultWorld, operation: LockOperation): Promise<Result<unknown>>;
}

/** Longer than a whole run, so that a bolt that was opened is still open when it is looked at. */
const holdOpenSeconds = 60;
const actorHash = new Uint8Array(32);
const challenge = new Uint8Array(32).fill(9);

const unlock: Exchange = {
  name: 'unlock',
  provisioned: true,
  again: false,
  changes: 'bolt',
  run: (driver, { serialNumber, credentials }, operation) =>
    driver.unlock(serialNumber, credentials, { holdOpenSeconds, actorHash }, operation),
};
const provision: Exchange = {
  name: 'provision',
  provisioned: false,
  again: false,
  changes: 'binding',
  run: (driver, { serialNumber, credentials }, operation) =>
    driver.provision(serialNumber, credentials, operation),
};
const status: Exchange = {
  name: 'status',
  provisioned: true,
  again: false,
  changes: null,
  run: (driver, { serialNumber, credentials }, operation) =>
    driver.status(serialNumber, credentials, operation),
};

const release: Exchange = {
  name: 'release',
  provisioned: true,
  again: false,
  changes: 'release',
  run: (driver, { serialNumber, credentials, releaseToken }, operation) =>
    driver.release(serialNumber, credentials, releaseToken, operation),
};
const readEnrolment: Exchange = {
  name: 'readEnrolment',
  provisioned: false,
  again: false,
  changes: null,
  run: (driver, { serialNumber }, operation) => driver.readEnrolment(serialNumber, challenge, operation),
};

/** Of the time that an exchange has: a person who chooses. */
const choosingMs = 2000;

const prepare = (
  driver: LockDriver,
  { serialNumber, credentials }: FaultWorld,
  operation: LockOperation,
): Promise<Result<null>> => {
  if (!driver.prepare) throw new Error('a driver that does not prepare');
  return driver.prepare(serialNumber, credentials.deviceCertificate, operation);
};
const preparing: Exchange = {
  ...unlock,
  name: 'unlock while connecting',
  run: (driver, world, operation) => {
    // Its outcome is nobody's business: what stands in the way is said when the lock is really asked for.
    void prepare(driver, world, { deadlineMs: choosingMs });
    return unlock.run(driver, world, operation);
  },
};
const prepared: Exchange = {
  ...unlock,
  name: 'unlock connected',
  run: async (driver, world, operation) => {
    await prepare(driver, world, { deadlineMs: choosingMs });
    return unlock.run(driver, world, { ...operation, deadlineMs: operation.deadlineMs - choosingMs });
  },
};
const onlyPrepared: Exchange = {
  name: 'connected in vain',
  provisioned: true,
  again: false,
  onlyOnce: true,
  changes: null,
  run: prepare,
};

export const exchanges: readonly Exchange[] = [
  unlock,
  { ...unlock, name: 'unlock again', again: true },
  preparing,
  prepared,
  onlyPrepared,
  provision,
  status,
  {
    name: 'identify',
    provisioned: true,
    again: false,
    changes: null,
    run: (driver, { serialNumber, credentials }, operation) =>
      driver.identify(serialNumber, credentials, operation),
  },
  {
    name: 'plain identify',
    unproven: true,
    provisioned: false,
    again: false,
    changes: null,
    run: (driver, { serialNumber }, operation) => driver.identify(serialNumber, null, operation),
  },
  readEnrolment,
  {
    name: 'events',
    provisioned: true,
    again: false,
    changes: null,
    run: (driver, { serialNumber, credentials }, operation) =>
      driver.events(serialNumber, credentials, 0, operation),
  },
  release,
];

/** What has to work once the faults are over. A lock that was released has another key by then. */
export const nextExchange = (provisioned: boolean, before?: Exchange): Exchange => {
  if (provisioned) return status;
  return before?.changes === 'release' ? readEnrolment : provision;
};
/** What an exchange that is made `again` follows. */
export const firstExchange = status;
