/**
 * The one policy that both ends apply to a chain (docs/link.md, "Chain policy"): the kiosk before it connects, the lock at
 * every session. Each row that can fail has a name, and its position in `chainReasons` is its code on the wire.
 */
import type { Certificate } from './certificates.ts';

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
  /** `false`: `now` is only a lower bound (a lock after a power loss), so nothing is too early. */
  readonly nowTrusted: boolean;
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
