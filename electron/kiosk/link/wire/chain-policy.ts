/**
 * The one policy that both ends apply to a chain (docs/link.md, "Chain policy"): the kiosk before it connects, the lock at
 * every session. Each row that can fail has a name, and its position in `chainReasons` is its code on the wire.
 */
import { equalBytes, toHex } from './bytes.ts';
import { readCertificate, type Certificate } from './certificates.ts';
import { certificateHash } from './edhoc/credentials.ts';
import { sha256 } from './edhoc/key-schedule.ts';
import { LinkError } from './link-error.ts';
import { oids } from './oids.ts';
import { verifySignature } from './signing.ts';

export const chainReasons = [
  /** Not exactly a Key Certificate and an intermediate. */
  'not_two_certificates',
  /** A certificate that is not DER of the profile: algorithm, version, length, doubled extension. */
  'certificate_malformed',
  'unknown_critical_extension',
  'intermediate_not_ca',
  /** basicConstraints without pathLenConstraint 0. */
  'intermediate_path_length',
  'intermediate_key_usage',
  'intermediate_epoch_missing',
  /** No root that this end holds has signed the intermediate. */
  'intermediate_not_signed_by_root',
  'intermediate_expired',
  /** A kiosk does not choose such a one (vault/lease.ts). No lock refuses it: what the root has signed proves that it is that late. */
  'intermediate_not_yet_valid',
  /** Below the highest customer epoch seen. */
  'intermediate_epoch_revoked',
  /** Another customer's key than the one that the lock is bound to. */
  'other_customer',
  'key_is_ca',
  'key_usage',
  'key_extended_usage',
  'key_epoch_missing',
  /** The issuer's name or the signature is not the intermediate's. */
  'key_not_signed_by_intermediate',
  'key_expired',
  /** The subject's serialNumber is not this lock's. */
  'key_other_serial',
  /** The public key is not the one derived from this lock's registration. */
  'key_other_key',
  'key_epoch_revoked',
] as const;
export type ChainReason = (typeof chainReasons)[number];

/** What a chain is judged against. Times are milliseconds since 1970. */
export interface ChainExpectations {
  /** Public keys of the roots held, one or two: uncompressed P-256 points, 65 bytes. */
  readonly roots: readonly Uint8Array[];
  readonly serialNumber: string;
  readonly now: number;
  /** Lowest customer epoch accepted. */
  readonly minCustomerEpoch: number;
  /** Lowest key epoch accepted. */
  readonly minKeyEpoch: number;
  /** The derived public key (65 bytes), where this end knows it: the lock always does, the kiosk has its private key. */
  readonly keyPublic: Uint8Array | null;
  /** The customer key (65 bytes) that the lock is bound to; null before `provision`, and at the kiosk. */
  readonly customerKey: Uint8Array | null;
}

/** An intermediate whose root signature has been verified once: what a lock caches, to re-check all the rest. */
export interface VerifiedIntermediate {
  /** First 8 bytes of SHA-256 over the DER. */
  readonly hash: Uint8Array;
  readonly certificate: Certificate;
}

export type ChainVerdict =
  | { readonly ok: true; readonly leaf: Certificate; readonly intermediate: VerifiedIntermediate }
  | { readonly ok: false; readonly reason: ChainReason };

type IntermediateVerdict =
  | { readonly ok: true; readonly intermediate: VerifiedIntermediate }
  | { readonly ok: false; readonly reason: ChainReason };

const refuse = (reason: ChainReason): { readonly ok: false; readonly reason: ChainReason } => ({
  ok: false,
  reason,
});

/** Bits of keyUsage. */
const digitalSignature = 1 << 0;
const keyCertSign = 1 << 5;
const crlSign = 1 << 6;

/** null where it is not DER of the profile. */
const read = (der: Uint8Array): Certificate | null => {
  try {
    return readCertificate(der);
  } catch (error) {
    if (error instanceof LinkError) return null;
    throw error;
  }
};

/** Signatures that were found good. That can't change, unlike all else that a certificate is judged by. */
const mostSignatures = 512;
const goodSignatures = new Set<string>();

const hasSigned = (key: Uint8Array, { der, signedPart, signature }: Certificate): boolean => {
  const name = toHex(sha256(key, der));
  if (goodSignatures.has(name)) return true;
  if (!verifySignature(key, signedPart, signature, 'der')) return false;
  if (goodSignatures.size >= mostSignatures) goodSignatures.clear();
  goodSignatures.add(name);
  return true;
};

/** Whether one of these keys has signed the certificate. */
export const isSignedBy = (certificate: Certificate, keys: readonly Uint8Array[]): boolean =>
  keys.some((key) => hasSigned(key, certificate));

const intermediateShape = (certificate: Certificate): ChainReason | null => {
  if (certificate.unknownCritical) return 'unknown_critical_extension';
  if (!certificate.ca) return 'intermediate_not_ca';
  if (certificate.pathLength !== 0) return 'intermediate_path_length';
  const usage = certificate.keyUsage ?? 0;
  if ((usage & keyCertSign) === 0 || (usage & ~(keyCertSign | crlSign)) !== 0)
    return 'intermediate_key_usage';
  return certificate.customerEpoch === null ? 'intermediate_epoch_missing' : null;
};

/** The rows that can change with time: what a lock checks again at every use of a cached intermediate. */
export const recheckIntermediate = (
  { certificate }: VerifiedIntermediate,
  expectations: ChainExpectations,
): ChainReason | null => {
  const { now, minCustomerEpoch, customerKey } = expectations;
  if (certificate.notAfter < now) return 'intermediate_expired';
  if ((certificate.customerEpoch ?? -1) < minCustomerEpoch) return 'intermediate_epoch_revoked';
  if (customerKey !== null && !equalBytes(customerKey, certificate.publicKey)) return 'other_customer';
  return null;
};

/** Judges an intermediate by itself, the root's signature included. */
export const verifyIntermediate = (der: Uint8Array, expectations: ChainExpectations): IntermediateVerdict => {
  const certificate = read(der);
  if (certificate === null) return refuse('certificate_malformed');
  const shape = intermediateShape(certificate);
  if (shape !== null) return refuse(shape);
  if (!isSignedBy(certificate, expectations.roots)) return refuse('intermediate_not_signed_by_root');
  const intermediate = { hash: certificateHash(der), certificate };
  const reason = recheckIntermediate(intermediate, expectations);
  return reason === null ? { ok: true, intermediate } : refuse(reason);
};

/** Whether a Key Certificate or the like may do nothing but sign. */
export const isEndEntity = (certificate: Certificate, usage: string): ChainReason | null => {
  if (certificate.unknownCritical) return 'unknown_critical_extension';
  if (certificate.ca) return 'key_is_ca';
  if (certificate.keyUsage !== digitalSignature) return 'key_usage';
  const [only, ...others] = certificate.criticalUsages;
  return only === usage && others.length === 0 ? null : 'key_extended_usage';
};

const checkLeaf = (
  leaf: Certificate,
  issuer: Certificate,
  expectations: ChainExpectations,
): ChainReason | null => {
  const shape = isEndEntity(leaf, oids.keyUsage);
  if (shape !== null) return shape;
  if (leaf.keyEpoch === null) return 'key_epoch_missing';
  if (!equalBytes(leaf.issuer, issuer.subject) || !isSignedBy(leaf, [issuer.publicKey])) {
    return 'key_not_signed_by_intermediate';
  }
  if (leaf.notAfter < expectations.now) return 'key_expired';
  if (leaf.subjectSerialNumber !== expectations.serialNumber) return 'key_other_serial';
  if (expectations.keyPublic !== null && !equalBytes(leaf.publicKey, expectations.keyPublic))
    return 'key_other_key';
  return leaf.keyEpoch < expectations.minKeyEpoch ? 'key_epoch_revoked' : null;
};

/** Judges a Key Certificate under an intermediate that has been verified, now or at an earlier session. */
export const checkKeyCertificate = (
  der: Uint8Array,
  intermediate: VerifiedIntermediate,
  expectations: ChainExpectations,
): ChainVerdict => {
  const leaf = read(der);
  if (leaf === null) return refuse('certificate_malformed');
  const reason =
    recheckIntermediate(intermediate, expectations) ??
    checkLeaf(leaf, intermediate.certificate, expectations);
  return reason === null ? { ok: true, leaf, intermediate } : refuse(reason);
};

/** Judges a whole chain: Key Certificate first, intermediate second, DER. The first row of the table that fails is named. */
export const checkChain = (chain: readonly Uint8Array[], expectations: ChainExpectations): ChainVerdict => {
  const [leaf, intermediate] = chain;
  if (leaf === undefined || intermediate === undefined || chain.length !== 2)
    return refuse('not_two_certificates');
  const verdict = verifyIntermediate(intermediate, expectations);
  return verdict.ok ? checkKeyCertificate(leaf, verdict.intermediate, expectations) : verdict;
};
