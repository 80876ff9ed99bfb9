/** Everything known of a lock at this moment, for whoever is about to act on it. */
import type { Observable } from 'rxjs';
import { createLatest } from '../platform/latest.ts';
import type { Nearby } from './nearby.ts';
import type { KioskReadiness } from './kiosk-readiness.ts';
import type { LockSituation } from './rights.ts';
import type { StoreLock, StoreLocks } from './store-locks.ts';

export interface LockDirectory {
  /** The lock as one of this store's, or null. */
  lock(serialNumber: string): StoreLock | null;
  /** The lock that is in that place, or null. */
  inPlace(placeId: string): StoreLock | null;
  readiness(): KioskReadiness;
  /** What rights are judged by. */
  situation(serialNumber: string): LockSituation;
  dispose(): void;
}

export interface LockDirectoryOptions {
  readonly storeLocks$: Observable<StoreLocks>;
  readonly keySerials$: Observable<ReadonlySet<string>>;
  readonly nearby: Pick<Nearby, 'get'>;
  readonly readiness: () => KioskReadiness;
}

export const createLockDirectory = (options: LockDirectoryOptions): LockDirectory => {
  const { nearby, readiness } = options;
  const locks = createLatest<StoreLocks>(options.storeLocks$, new Map());
  const keySerials = createLatest<ReadonlySet<string>>(options.keySerials$, new Set());
  const lock = (serialNumber: string): StoreLock | null => locks.value.get(serialNumber) ?? null;
  return {
    lock,
    inPlace: (placeId) => [...locks.value.values()].find(({ place }) => place === placeId) ?? null,
    readiness,
    situation: (serialNumber) => ({
      serialNumber,
      readiness: readiness(),
      storeLock: lock(serialNumber),
      hasKey: keySerials.value.has(serialNumber),
      nearby: nearby.get(serialNumber),
    }),
    dispose: () => {
      locks.dispose();
      keySerials.dispose();
    },
  };
};
