/** Whether a key that passes as a lock's own may take the place of the one that is held. */
import type { KeyMaterial } from '#shared/models/documents.ts';
import { readCertificate } from './certificate.ts';

/** `key_other_key`: not the key that the lock has. `not_newer`: its epoch is not above that of the one that is held. */
export const newKeyFaults = [
  'certificate_malformed',
  'key_other_key',
  'not_newer',
  'key_epoch_revoked',
] as const;
export type NewKeyFault = (typeof newKeyFaults)[number];

export const judgeNewKey = (
  { keyCertificate }: KeyMaterial,
  { held, revokedBelow }: { readonly held: KeyMaterial; readonly revokedBelow: number },
): NewKeyFault | null => {
  const [given, before] = [keyCertificate, held.keyCertificate].map((der) =>
    readCertificate(Buffer.from(der, 'base64')),
  );
  if (!given || !before) return 'certificate_malformed';
  if (!given.x509.publicKey.equals(before.x509.publicKey)) return 'key_other_key';
  if ((given.keyEpoch ?? 0) <= (before.keyEpoch ?? 0)) return 'not_newer';
  return (given.keyEpoch ?? 0) < revokedBelow ? 'key_epoch_revoked' : null;
};
