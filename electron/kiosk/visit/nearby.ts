import { BehaviorSubject, type Observable } from 'rxjs';
import { createBoundedMap } from '#shared/flow/bounded-map.ts';
import { onLimit } from '#shared/flow/in-time.ts';
import type { Proximity } from '#shared/ipc/views.ts';
import type { LockSighting } from '../link/lock-driver.ts';
import type { Clock } from '../platform/clock.ts';
import { heard, isGone, stillThere, type ProximityTrack } from './proximity.ts';

/** A lock in range, as last advertised. Nothing of it is authenticated. */
export interface NearbyLock {
  readonly serialNumber: string;
  readonly proximity: Proximity;
  readonly provisioned: boolean;
  readonly boltOpen: boolean;
  readonly tamper: boolean;
  readonly batteryLow: boolean;
  /** Percent. */
  readonly battery: number;
}

export type NearbyLocks = ReadonlyMap<string, NearbyLock>;

export interface Nearby {
  /** Replays. Emits at most ten times a second, and only when something that can be seen has changed. */
  readonly nearby$: Observable<NearbyLocks>;
  /** As of the last advert, without waiting for the next emission. */
  get(serialNumber: string): NearbyLock | null;
  /**
   * The lock has said, authenticated, that it is provisioned: what it advertised before no longer counts, and is no longer
   * shown once this returns. What it advertises from now on does: a lock can be reset.
   */
  learnProvisioned(serialNumber: string): void;
  /** Resolves true as soon as the lock is in range; false after `ms`, or when the signal is aborted. */
  waitFor(serialNumber: string, ms: number, signal?: AbortSignal): Promise<boolean>;
  dispose(): void;
}

export interface NearbyOptions {
  readonly sightings$: Observable<LockSighting>;
  readonly clock: Clock;
}

/**
 * Someone who makes up serial numbers by the thousand must not fill the memory, and not keep the locks out of it that are
 * there: whoever was not heard for longest makes room. A lock that advertises four times a second stays in a flood of
 * thousands a second, which is more than the air carries.
 */
const mostLocks = 4_096;
const emitEveryMs = 100;
/** An advert takes less from the air to here, however busy the radio process is; a lock sends several in that time. */
const onTheWayMs = 500;
const lookForGoneEveryMs = 1_000;

interface Entry {
  readonly track: ProximityTrack;
  readonly lock: NearbyLock;
  /** When the lock has last said, authenticated, that it is provisioned; monotonic. */
  readonly provisionedAt: number;
}

export const createNearby = ({ sightings$, clock }: NearbyOptions): Nearby => {
  const entries = createBoundedMap<string, Entry>(mostLocks);
  const nearby$ = new BehaviorSubject<NearbyLocks>(new Map());
  const waiters = new Map<string, Set<() => void>>();
  let cancelEmit: (() => void) | null = null;
  let cancelSweep: (() => void) | null = null;

  const emit = (): void => {
    cancelEmit?.();
    cancelEmit = null;
    nearby$.next(new Map([...entries].map(([serialNumber, { lock }]) => [serialNumber, lock])));
  };
  const emitSoon = (): void => {
    cancelEmit ??= clock.after(emitEveryMs, emit);
  };

  const sweep = (): void => {
    cancelSweep = null;
    const now = clock.monotonic();
    for (const [serialNumber, { track }] of entries) {
      if (!isGone(track, now)) continue;
      entries.delete(serialNumber);
      emitSoon();
    }
    if (entries.size > 0) cancelSweep = clock.after(lookForGoneEveryMs, sweep);
  };

  const subscription = sightings$.subscribe((sighting) => {
    const { rssi, serialNumber, repeated, ...advertised } = sighting;
    const known = entries.get(serialNumber);
    const now = clock.monotonic();
    const track = repeated && known ? stillThere(known.track, now) : heard(known?.track ?? null, rssi, now);
    const provisionedAt = known?.provisionedAt ?? -Infinity;
    const provisioned = advertised.provisioned || now - provisionedAt < onTheWayMs;
    // What is only repeated says that the lock is there, and nothing that is not known already.
    const state = repeated && known ? known.lock : { ...advertised, provisioned };
    const lock: NearbyLock = { ...state, serialNumber, proximity: track.band };
    const changed = !known || !sameLock(known.lock, lock);
    // In order of the last advertisement, the longest silent first.
    entries.set(serialNumber, { track, lock: changed ? lock : known.lock, provisionedAt });
    if (changed) emitSoon();
    cancelSweep ??= clock.after(lookForGoneEveryMs, sweep);
    waiters.get(serialNumber)?.forEach((resolve) => resolve());
  });

  const get = (serialNumber: string): NearbyLock | null => {
    const entry = entries.get(serialNumber);
    return entry && !isGone(entry.track, clock.monotonic()) ? entry.lock : null;
  };

  return {
    nearby$,
    get,
    learnProvisioned: (serialNumber) => {
      const known = entries.get(serialNumber);
      if (!known) return;
      const lock = { ...known.lock, provisioned: true };
      entries.set(serialNumber, { ...known, lock, provisionedAt: clock.monotonic() });
      emit();
    },
    waitFor: (serialNumber, ms, signal) => {
      if (get(serialNumber)) return Promise.resolve(true);
      if (signal?.aborted) return Promise.resolve(false);
      return new Promise((resolve) => {
        const finish = (found: boolean): void => {
          forget();
          const others = waiters.get(serialNumber);
          others?.delete(arrive);
          if (others?.size === 0) waiters.delete(serialNumber);
          resolve(found);
        };
        const arrive = (): void => finish(true);
        const forget = onLimit({ timer: clock, ms, signal }, () => finish(false));
        const set = waiters.get(serialNumber) ?? new Set();
        waiters.set(serialNumber, set.add(arrive));
      });
    },
    dispose: () => {
      subscription.unsubscribe();
      cancelEmit?.();
      cancelSweep?.();
      nearby$.complete();
    },
  };
};

const sameLock = (a: NearbyLock, b: NearbyLock): boolean =>
  a.proximity === b.proximity &&
  a.provisioned === b.provisioned &&
  a.boltOpen === b.boltOpen &&
  a.tamper === b.tamper &&
  a.batteryLow === b.batteryLow &&
  a.battery === b.battery;
