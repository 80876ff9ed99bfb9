/** What ties a lock to the one key that its registration yields: a secret, and the enrolment code that carries it. */
import { createPublicKey } from 'node:crypto';
import { fromHex, toHex } from '#kiosk/link/wire/bytes.ts';
import { deriveLockKey, lockSecretLength } from '#kiosk/link/lock/derive-key.ts';
import { sealEnrolmentCode } from '#kiosk/link/lock/enrolment-code.ts';
import type { Random } from '#kiosk/platform/random.ts';
import type { LockIdentity } from '../live-lock/open-vendor.ts';
import type { LockState } from './lock-state.ts';

/** As a lock remembers it, hexadecimal. */
export type StoredRegistration = Pick<LockState, 'lockSecret' | 'enrolmentCode'>;

export const drawRegistration = (identity: LockIdentity, random: Random): StoredRegistration => {
  const secret = random.bytes(lockSecretLength);
  const vendorKey = createPublicKey({ key: Buffer.from(identity.enrolmentKey), format: 'der', type: 'spki' });
  const code = sealEnrolmentCode({ serialNumber: identity.serialNumber, secret }, vendorKey);
  return { lockSecret: toHex(secret), enrolmentCode: toHex(code) };
};

export interface Registration {
  readonly stored: StoredRegistration;
  readonly enrolmentCode: Uint8Array;
  /** Uncompressed point, 65 bytes: the public key of the only Key Certificate that the lock accepts. */
  readonly publicKey: Uint8Array;
}

export const openRegistration = (stored: StoredRegistration, serialNumber: string): Registration => ({
  stored,
  enrolmentCode: fromHex(stored.enrolmentCode),
  publicKey: deriveLockKey(fromHex(stored.lockSecret), serialNumber).publicKey,
});
