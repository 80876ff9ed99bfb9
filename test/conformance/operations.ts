/** The driver's operations as the checks begin them. */
import type {
  EnrolmentOffer,
  LockCredentials,
  LockStatus,
  RingEvents,
  Unlocked,
} from '#kiosk/link/lock-driver.ts';
import { Skipped, type CheckContext } from './check.ts';
import { begin, type Observed, type Running, type Watch } from './observe.ts';
import type { WorldLock } from './world.ts';

export const holdOpenSeconds = 5;
export const actorHash = new Uint8Array(32).fill(7);
const command = { holdOpenSeconds, actorHash };
/** What new locks sign over when they are captured, unless told otherwise. */
export const captureChallenge = new Uint8Array(32).fill(5);

export const beginUnlock = async (
  { world, driver }: CheckContext,
  lock: WorldLock,
  watch?: Watch,
  credentials?: LockCredentials,
): Promise<Running<Unlocked>> => {
  const used = credentials ?? (await lock.credentials());
  return begin(world, 'unlock', (limits) => driver.unlock(lock.serialNumber, used, command, limits), watch);
};

export const unlock = async (...call: Parameters<typeof beginUnlock>): Promise<Observed<Unlocked>> =>
  (await beginUnlock(...call)).finish();

export const readEnrolment = (
  { world, driver }: CheckContext,
  { serialNumber }: WorldLock,
  watch?: Watch,
  challenge: Uint8Array = captureChallenge,
): Promise<Observed<EnrolmentOffer>> =>
  begin(
    world,
    'readEnrolment',
    (limits) => driver.readEnrolment(serialNumber, challenge, limits),
    watch,
  ).finish();

export const provision = async (
  { world, driver }: CheckContext,
  lock: WorldLock,
  watch?: Watch,
): Promise<Observed<LockStatus>> => {
  const credentials = await lock.credentials();
  const call = begin(
    world,
    'provision',
    (limits) => driver.provision(lock.serialNumber, credentials, limits),
    watch,
  );
  return call.finish();
};

export const status = async (
  { world, driver }: CheckContext,
  lock: WorldLock,
  watch?: Watch,
): Promise<Observed<LockStatus>> => {
  const credentials = await lock.credentials();
  return begin(
    world,
    'status',
    (limits) => driver.status(lock.serialNumber, credentials, limits),
    watch,
  ).finish();
};

export const identify = (
  { world, driver }: CheckContext,
  { serialNumber }: WorldLock,
  credentials: LockCredentials | null,
): Promise<Observed<null>> =>
  begin(world, 'identify', (limits) => driver.identify(serialNumber, credentials, limits)).finish();

/** The lock's ring, from `after` on. */
export const events = async (
  { world, driver }: CheckContext,
  lock: WorldLock,
  after = 0,
): Promise<Observed<RingEvents>> => {
  const credentials = await lock.credentials();
  return begin(world, 'events', (limits) =>
    driver.events(lock.serialNumber, credentials, after, limits),
  ).finish();
};

/** What one release takes: gathered before it, because the lock has another key afterwards. */
export interface ReleasePapers {
  readonly credentials: LockCredentials;
  readonly token: Uint8Array;
}

export const papersOf = async (lock: WorldLock): Promise<ReleasePapers> => {
  const token = await lock.releaseToken();
  if (token === null) throw new Skipped('nobody can sign a release token for this lock');
  return { credentials: await lock.credentials(), token };
};

export const release = (
  { world, driver }: CheckContext,
  { serialNumber }: WorldLock,
  { credentials, token }: ReleasePapers,
  watch?: Watch,
): Promise<Observed<null>> =>
  begin(
    world,
    'release',
    (limits) => driver.release(serialNumber, credentials, token, limits),
    watch,
  ).finish();

/** Throws `Skipped` where the driver leaves `prepare` out, as it may. */
export const prepare = (
  { world, driver }: CheckContext,
  { serialNumber, deviceCertificate }: WorldLock,
  watch?: Watch,
): Promise<Observed<null>> => {
  if (!driver.prepare) throw new Skipped('the driver has no prepare');
  return begin(
    world,
    'prepare',
    (limits) =>
      driver.prepare?.(serialNumber, deviceCertificate, limits) ??
      Promise.reject(new Error('prepare has gone away')),
    watch,
  ).finish();
};
