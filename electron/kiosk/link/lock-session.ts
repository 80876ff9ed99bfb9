import type { Random } from '../platform/random.ts';
import type { ChainExpectations } from './chain-policy.ts';
import type { CertificateCache } from './certificate-cache.ts';
import type { LockSession, Signer } from './session.ts';

export interface LockSessionOptions {
  readonly random: Random;
  /** The lock's own device certificate (DER). */
  readonly deviceCertificate: Uint8Array;
  /** Signs with the device key. */
  readonly sign: Signer;
  /** What to judge a chain against, read afresh for every chain. */
  readonly expectations: () => ChainExpectations;
  /** Root-signed proof that it is at least this late (ms since 1970): the lock raises its floor, and keeps it. */
  readonly raiseTimeFloor: (ms: number) => void;
  /** A verified time token said what time it is (ms since 1970): the lock sets its clock and trusts it again. */
  readonly setTime: (ms: number) => void;
  readonly cache: CertificateCache;
}

export const createLockSession = (options: LockSessionOptions): LockSession => {
  throw new Error(`not ready: ${options.deviceCertificate.length}`);
};
