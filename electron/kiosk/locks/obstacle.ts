/** Why a lock would not open at a tap: one answer for the tile and for the attempt, so that they never disagree. */
import type { AppError } from '#shared/errors/app-error.ts';
import type { NearbyLock } from './nearby.ts';
import type { Permission } from './permission.ts';
import type { StoreLock } from './store-locks.ts';

export interface LockSituation {
  readonly serialNumber: string;
  readonly permission: Permission;
  /** The lock as one of this store's, or null. */
  readonly storeLock: StoreLock | null;
  readonly hasKey: boolean;
  /** null: not in range. */
  readonly nearby: NearbyLock | null;
}

/** null when it would be tried. What concerns the whole kiosk comes first, what stepping closer would mend comes last. */
export const obstacleOf = (situation: LockSituation): AppError | null =>
  situation.permission.obstacle ?? lockObstacle(situation);

const lockObstacle = ({ serialNumber, storeLock, hasKey, nearby }: LockSituation): AppError | null => {
  const about = (code: AppError['code']): AppError => ({ code, params: { serialNumber } });
  // What is advertised in a lock's name keeps nobody from a lock that the kiosk knows: it is asked, and says itself what it is.
  if (!storeLock) return about(nearby && !nearby.provisioned ? 'lock.not_provisioned' : 'lock.other_store');
  if (!hasKey) return about('lock.no_key');
  return nearby ? null : about('lock.not_near');
};
