/** Everything known of a lock at this moment, for whoever is about to act on it. */
import type { Observable } from 'rxjs';
import { ok, type AppError, type Result } from '#shared/errors/app-error.ts';
import { createLatest } from '../platform/latest.ts';
import type { Nearby } from './nearby.ts';
import { obstacleOf } from './obstacle.ts';
import type { Permission } from './permission.ts';
import type { StoreLock, StoreLocks } from './store-locks.ts';

export interface LockDirectory {
  /** The lock as one of this store's, or null. */
  lock(serialNumber: string): StoreLock | null;
  hasKey(serialNumber: string): boolean;
  permission(): Permission;
  /** The lock if a tap would be tried now, else why not. */
  openable(serialNumber: string): Result<StoreLock>;
  /** What keeps the lock closed now; null when it would be tried. */
  obstacle(serialNumber: string): AppError | null;
  dispose(): void;
}

export interface LockDirectoryOptions {
  readonly storeLocks$: Observable<StoreLocks>;
  readonly keySerials$: Observable<ReadonlySet<string>>;
  readonly nearby: Pick<Nearby, 'get'>;
  readonly permission: () => Permission;
}

export const createLockDirectory = (options: LockDirectoryOptions): LockDirectory => {
  const { nearby, permission } = options;
  const locks = createLatest<StoreLocks>(options.storeLocks$, new Map());
  const keySerials = createLatest<ReadonlySet<string>>(options.keySerials$, new Set());
  const lock = (serialNumber: string): StoreLock | null => locks.value.get(serialNumber) ?? null;
  const obstacle = (serialNumber: string): AppError | null =>
    obstacleOf({
      serialNumber,
      permission: permission(),
      storeLock: lock(serialNumber),
      hasKey: keySerials.value.has(serialNumber),
      nearby: nearby.get(serialNumber),
    });
  return {
    lock,
    hasKey: (serialNumber) => keySerials.value.has(serialNumber),
    permission,
    obstacle,
    openable: (serialNumber) => {
      const error = obstacle(serialNumber);
      if (error) return { ok: false, error };
      const found = lock(serialNumber);
      return found ? ok(found) : { ok: false, error: { code: 'lock.other_store', params: { serialNumber } } };
    },
    dispose: () => {
      locks.dispose();
      keySerials.dispose();
    },
  };
};
