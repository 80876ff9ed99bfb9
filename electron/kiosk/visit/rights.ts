/**
 * Whether the kiosk may do at a lock what it is asked to do: one function for each kind of visit, for the tile and for the attempt
 * alike, so that they never disagree. What concerns the whole kiosk comes first, what stepping closer would mend comes last. What a
 * person may is not judged here (staff/judge.ts): whoever asks for one brings it along.
 */
import { fail, ok, type AppError, type Result } from '#shared/errors/app-error.ts';
import type { NearbyLock } from './nearby.ts';
import { radioObstacle, type KioskReadiness } from './kiosk-readiness.ts';
import type { LockRelease, StoreLock } from './store-locks.ts';

export interface LockSituation {
  readonly serialNumber: string;
  readonly readiness: KioskReadiness;
  /** The lock as one of this store's, or null. */
  readonly storeLock: StoreLock | null;
  readonly hasKey: boolean;
  /** null: not in range. */
  readonly nearby: NearbyLock | null;
}

/** What is known of the lock by then, or the first thing that stands in the way. */
export type Right<T> = (situation: LockSituation) => Result<T>;

/** Whether the kiosk could open it if it were near. */
export const couldOpen: Right<StoreLock> = ({ serialNumber, readiness, storeLock, hasKey, nearby }) => {
  if (readiness.obstacle) return refuse(readiness.obstacle);
  // What is advertised in a lock's name keeps nobody from a lock that the kiosk knows: it is asked, and says itself what it is.
  if (!storeLock) {
    return fail(nearby && !nearby.provisioned ? 'lock.not_provisioned' : 'lock.other_store', {
      serialNumber,
    });
  }
  return hasKey ? ok(storeLock) : fail('lock.no_key', { serialNumber });
};

/** What keeps a person from that lock; null: nothing. */
export type PersonalObstacle = (lock: StoreLock) => AppError | null;

/** To open it for a person: what keeps the kiosk from it comes first, then what keeps them from it. */
export const mayOpenFor =
  (obstacleOf: PersonalObstacle): Right<StoreLock> =>
  (situation) => {
    const { serialNumber, nearby } = situation;
    const lock = couldOpen(situation);
    if (!lock.ok) return lock;
    const obstacle = obstacleOf(lock.value);
    if (obstacle) return refuse(obstacle);
    return nearby ? lock : fail('lock.not_near', { serialNumber });
  };

/** To open it, or to ask it for what it knows, whoever asks. */
export const mayOpen: Right<StoreLock> = mayOpenFor(() => null);

/**
 * To make it blink: a new lock needs no key for it, and null stands for that. One that this kiosk has a key for is asked with it,
 * whatever is advertised in its name.
 */
export const mayIdentify: Right<StoreLock | null> = (situation) => {
  const { storeLock, hasKey, nearby } = situation;
  const isKnown = storeLock !== null && hasKey;
  return !isKnown && nearby?.provisioned === false ? ok(null) : mayOpen(situation);
};

export interface OrderedBack {
  readonly lock: StoreLock;
  readonly order: LockRelease;
}

/** To give it back. That it says it is new is no obstacle: the answer in which it gave up its key may have got lost. */
export const mayRelease: Right<OrderedBack> = (situation) => {
  const { serialNumber, readiness, storeLock } = situation;
  if (readiness.obstacle) return refuse(readiness.obstacle);
  if (!storeLock) return fail('lock.other_store', { serialNumber });
  if (!storeLock.release) return fail('lock.not_to_be_released', { serialNumber });
  const open = mayOpen(situation);
  return open.ok ? ok({ lock: storeLock, order: storeLock.release }) : open;
};

/** To put its key into it. It is not the store's yet, and whether there is a key is seen when it is lent. */
export const mayProvision: Right<null> = ({ serialNumber, readiness, nearby }) => {
  if (readiness.obstacle) return refuse(readiness.obstacle);
  return nearby ? ok(null) : fail('lock.not_near', { serialNumber });
};

/** To read what a new lock offers: no certificate is needed for it, and no contact. */
export const mayCapture: Right<null> = ({ serialNumber, readiness, nearby }) => {
  const radio = radioObstacle(readiness.radio);
  if (radio) return refuse(radio);
  return nearby ? ok(null) : fail('lock.not_near', { serialNumber });
};

const refuse = (error: AppError): Result<never> => ({ ok: false, error });
