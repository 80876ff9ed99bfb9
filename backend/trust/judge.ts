/**
 * What of the vendor's certificates the backend takes (docs/link.md, "Chain policy"): the same rows that kiosk and lock judge
 * at every session, as far as they can be told here, and once, where a certificate arrives. What does not fit its lock or its
 * customer is refused before it is sealed to anyone. A licensee whose vendor has another profile changes this and
 * `certificate.ts`.
 */
import { createPrivateKey } from 'node:crypto';
import type { KeyMaterial } from '#shared/models/documents.ts';
import { isIssuedBy, isRoot, keyCertificateUsage, readCertificate, type Certificate } from './certificate.ts';

export type IntermediateFault =
  | 'certificate_malformed'
  | 'unknown_critical_extension'
  | 'intermediate_not_ca'
  | 'intermediate_path_length'
  | 'intermediate_key_usage'
  | 'intermediate_epoch_missing'
  | 'intermediate_not_signed_by_root'
  | 'intermediate_expired'
  | 'intermediate_epoch_revoked'
  | 'other_customer';

/** `key_other_key`: the private key that came with the certificate is another one's. */
export const keyFaults = [
  'certificate_malformed',
  'unknown_critical_extension',
  'key_is_ca',
  'key_usage',
  'key_extended_usage',
  'key_epoch_missing',
  'key_not_signed_by_intermediate',
  'key_expired',
  'key_other_serial',
  'key_other_key',
] as const;
export type KeyFault = (typeof keyFaults)[number];

const digitalSignature = 0x80;
const keyCertSign = 0x04;
const cRlSign = 0x02;

const fromBase64 = (text: string): Certificate | null => readCertificate(Buffer.from(text, 'base64'));

const shapeOfIntermediate = (intermediate: Certificate): IntermediateFault | null => {
  if (intermediate.hasUnknownCritical) return 'unknown_critical_extension';
  if (!intermediate.isAuthority) return 'intermediate_not_ca';
  if (intermediate.pathLength !== 0) return 'intermediate_path_length';
  const usage = intermediate.keyUsage ?? 0;
  if ((usage & keyCertSign) === 0 || (usage & ~(keyCertSign | cRlSign)) !== 0)
    return 'intermediate_key_usage';
  return intermediate.customerEpoch === null ? 'intermediate_epoch_missing' : null;
};

const sameKey = (a: Certificate, b: Certificate): boolean => a.x509.publicKey.equals(b.x509.publicKey);

/**
 * Judges an intermediate that was delivered. `held` is the newest that was taken before: a renewal keeps name and key, and its
 * epoch never falls. A lapsed one is taken only where its epoch takes back what is held; nothing opens then.
 */
export const judgeIntermediate = (
  delivered: { readonly owner: string; readonly certificate: string; readonly root: string },
  held: { readonly certificate: string } | undefined,
  now: number,
): IntermediateFault | null => {
  const intermediate = fromBase64(delivered.certificate);
  if (!intermediate) return 'certificate_malformed';
  const shape = shapeOfIntermediate(intermediate);
  if (shape !== null) return shape;
  const root = fromBase64(delivered.root);
  if (!isRoot(root) || !isIssuedBy(intermediate, root)) return 'intermediate_not_signed_by_root';
  if (intermediate.commonName !== delivered.owner) return 'other_customer';
  const before = held ? fromBase64(held.certificate) : null;
  if (before && !sameKey(before, intermediate)) return 'other_customer';
  const [epoch, epochBefore] = [intermediate.customerEpoch ?? 0, before?.customerEpoch ?? 0];
  if (epoch < epochBefore) return 'intermediate_epoch_revoked';
  const takesBack = before !== null && epoch > epochBefore;
  return intermediate.notAfter < now && !takesBack ? 'intermediate_expired' : null;
};

/** Judges a key that the vendor gave for `serialNumber` under the customer's intermediate, lapsed or not: a renewal keeps its key. */
export const judgeKey = (
  material: KeyMaterial,
  { serialNumber, intermediate, now }: KeyExpectations,
): KeyFault | null => {
  const leaf = fromBase64(material.keyCertificate);
  const issuer = fromBase64(intermediate);
  if (!leaf || !issuer) return 'certificate_malformed';
  if (leaf.hasUnknownCritical) return 'unknown_critical_extension';
  if (leaf.isAuthority) return 'key_is_ca';
  if (leaf.keyUsage !== digitalSignature) return 'key_usage';
  const [usage, ...others] = leaf.extendedKeyUsage;
  if (usage !== keyCertificateUsage || others.length > 0) return 'key_extended_usage';
  if (leaf.keyEpoch === null) return 'key_epoch_missing';
  if (!isIssuedBy(leaf, issuer)) return 'key_not_signed_by_intermediate';
  if (leaf.notAfter < now) return 'key_expired';
  if (leaf.serialNumber !== serialNumber) return 'key_other_serial';
  return isKeyOf(material.privateKey, leaf) ? null : 'key_other_key';
};

export interface KeyExpectations {
  readonly serialNumber: string;
  /** DER, base64. */
  readonly intermediate: string;
  readonly now: number;
}

const isKeyOf = (privateKey: string, { x509 }: Certificate): boolean => {
  try {
    const key = Buffer.from(privateKey, 'base64');
    return x509.checkPrivateKey(createPrivateKey({ key, format: 'der', type: 'pkcs8' }));
  } catch {
    return false; // Not a private key at all.
  }
};
