/** What a lock takes from a revocation list that the root has signed for its customer (docs/link.md, "Revocation list"). */
import type { Revocation } from '#kiosk/link/lock/revocation-list.ts';
import type { LockState } from './lock-state.ts';

type Revoked = Pick<LockState, 'customerEpoch' | 'keyEpoch' | 'revocationVersion'>;

/**
 * Raises what the list raises, and never lowers anything. A lock of version 1 looks at nothing but the version. True where
 * something has changed, and is to be remembered.
 */
export const takeRevocation = (
  lock: Revoked,
  { version, minCustomerEpoch, minKeyEpoch }: Revocation,
  linkVersion: 1 | 2,
): boolean => {
  const isNewer = version > lock.revocationVersion;
  const raises = minCustomerEpoch > lock.customerEpoch || (minKeyEpoch ?? 0) > lock.keyEpoch;
  if (!isNewer && (linkVersion === 1 || !raises)) return false;
  lock.revocationVersion = Math.max(lock.revocationVersion, version);
  lock.customerEpoch = Math.max(lock.customerEpoch, minCustomerEpoch);
  lock.keyEpoch = Math.max(lock.keyEpoch, minKeyEpoch ?? 0);
  return true;
};
