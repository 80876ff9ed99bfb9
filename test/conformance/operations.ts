/** The driver's operations as the checks begin them. */
import type { EnrolmentOffer, LockCredentials, LockStatus, Unlocked } from '#kiosk/link/lock-driver.ts';
import type { CheckContext } from './check.ts';
import { begin, type Observed, type Running, type Watch } from './observe.ts';
import type { WorldLock } from './world.ts';

export const holdOpenSeconds = 5;
const command = { holdOpenSeconds, actorHash: new Uint8Array(32).fill(7) };

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
): Promise<Observed<EnrolmentOffer>> =>
  begin(world, 'readEnrolment', (limits) => driver.readEnrolment(serialNumber, limits), watch).finish();

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
