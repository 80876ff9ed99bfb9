/** Revocation lists, which the vendor's root signs: what one says, read and not judged. The form is in docs/link.md. */
import { toHex } from './bytes.ts';
import { decodeCbor } from './cbor/decode.ts';
import { isArray, isBytes, isUint, itemsOf, type CborValue } from './cbor/value.ts';
import { readStatement } from './cose-sign1.ts';
import { LinkError } from './link-error.ts';

const maxEpoch = 0x7fff_ffff;

/** Locks that one list, or one part of it, may name. */
export const maxRevocations = 64;

/** Whether it is a version or an epoch: 0 to 2³¹ − 1. */
export const isEpoch = (value: CborValue | undefined): value is number => isUint(value, 0, maxEpoch);

/** Serial numbers with the key epoch that a list demands of each. Throws LinkError `malformed`. */
export const revokedLocks = (
  locks: CborValue | undefined,
): (readonly [serialNumber: string, epoch: number])[] => {
  if (!isArray(locks) || locks.length > maxRevocations) throw new LinkError('malformed', 'revocation list');
  return locks.map((entry) => {
    const [serial, epoch, ...others] = itemsOf(entry);
    if (!isBytes(serial) || !isEpoch(epoch) || others.length > 0)
      throw new LinkError('malformed', 'revocation list');
    return [toHex(serial), epoch];
  });
};

/** What a list says, read and not judged: who has signed it, and for whom, only a lock finds out. */
export interface RevocationClaims {
  readonly version: number;
  /** Lowest key epoch by serial number. */
  readonly locks: ReadonlyMap<string, number>;
}

/** Null for what is no revocation list. */
export const readRevocationClaims = (bytes: Uint8Array): RevocationClaims | null => {
  try {
    const [, version, , locks] = itemsOf(decodeCbor(readStatement(bytes).payload));
    if (!isEpoch(version)) return null;
    const named = new Map<string, number>();
    for (const [serialNumber, epoch] of revokedLocks(locks)) {
      named.set(serialNumber, Math.max(named.get(serialNumber) ?? 0, epoch));
    }
    return { version, locks: named };
  } catch (error) {
    if (error instanceof LinkError) return null;
    throw error;
  }
};
