/** What the kiosk checks before it troubles the radio: that these credentials can open this lock at all. */
import { fail, ok, type Result } from '#shared/errors/app-error.ts';
import { checkChain } from '../../wire/chain-policy.ts';
import { checkDeviceCertificate, rootKeyOf } from '../device-certificate.ts';
import type { LockCredentials } from '../../lock-driver.ts';
import { signerFor } from '../../wire/signing.ts';
import type { SessionCredentials } from '../session.ts';

/** What opens one lock, judged: in place of the private key, who signs with it. */
export interface UsableCredentials extends SessionCredentials {
  /** The genuine lock's, DER. */
  readonly deviceCertificate: Uint8Array;
}

/** What credentials are judged against. */
export interface Judgement {
  readonly serialNumber: string;
  /** The vendor's root certificate, DER; null before the kiosk is registered. */
  readonly root: Uint8Array | null;
  /** Wall-clock milliseconds. */
  readonly now: number;
}

/**
 * The lock has the last word, on a better clock; this saves a person the wait for a refusal that is certain. A clock that
 * is behind refuses nothing here.
 */
export const checkCredentials = (
  { keyCertificate, privateKey, intermediate, deviceCertificate }: LockCredentials,
  { serialNumber, root, now }: Judgement,
): Result<UsableCredentials> => {
  if (root === null) return fail('lock.not_genuine', { serialNumber });
  const roots = [rootKeyOf(root)];
  const chain = checkChain([keyCertificate, intermediate], {
    roots,
    serialNumber,
    now,
    minCustomerEpoch: 0,
    minKeyEpoch: 0,
    // Judged below, by the keys themselves.
    keyPublic: null,
    customerKey: null,
  });
  if (!chain.ok) return fail('lock.chain_refused', { serialNumber, reason: chain.reason });
  const sign = signerFor(privateKey, chain.leaf.publicKey);
  if (sign === null) return fail('lock.chain_refused', { serialNumber, reason: 'key_other_key' });
  const device = checkDeviceCertificate(deviceCertificate, { roots, serialNumber, now });
  if (!device.ok) return fail('lock.not_genuine', { serialNumber });
  return ok({ keyCertificate, intermediate, deviceCertificate, sign });
};
