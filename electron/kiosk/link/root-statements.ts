/** What the vendor's root signs besides certificates: release tokens and revocation lists. Forms in docs/link.md. */
import { createHash } from 'node:crypto';
import { isArray, isBytes, isUint, membersOf, type CborValue } from './cbor/value.ts';
import { equalBytes, fromHex, toHex } from './bytes.ts';
import { decodeCbor } from './cbor/decode.ts';
import { isStatementOf, readStatement, signStatement } from './cose-sign1.ts';
import { LinkError } from './link-error.ts';
import type { Signer } from './signing.ts';

const releaseContext: CborValue = ['Latchpoint release'];
const revocationContext: CborValue = ['Latchpoint revocation'];
const maxEpoch = 0x7fff_ffff;

const keyHash = (publicKey: Uint8Array): Uint8Array =>
  new Uint8Array(createHash('sha256').update(publicKey).digest());

/** A release token binds to the lock's derived key, which the lock gives up with its release: it works once. */
export const createReleaseToken = (serialNumber: string, keyPublic: Uint8Array, sign: Signer): Uint8Array =>
  signStatement(releaseContext, [fromHex(serialNumber), keyHash(keyPublic)], sign);

/** Whether the token releases this lock from this key. Never throws on what it is given. */
export const isReleaseToken = (
  token: Uint8Array,
  lock: {
    readonly serialNumber: string;
    readonly keyPublic: Uint8Array;
    readonly roots: readonly Uint8Array[];
  },
): boolean => {
  try {
    const statement = readStatement(token);
    const [serial, hash, ...others] = membersOf(decodeCbor(statement.payload));
    return (
      isBytes(serial) &&
      toHex(serial) === lock.serialNumber &&
      isBytes(hash) &&
      equalBytes(hash, keyHash(lock.keyPublic)) &&
      others.length === 0 &&
      isStatementOf(statement, releaseContext, lock.roots)
    );
  } catch (error) {
    if (error instanceof LinkError) return false;
    throw error;
  }
};

/** What a revocation list says to one lock. */
export interface Revocation {
  /** A lock keeps the highest version that it has seen, and what that said. */
  readonly version: number;
  readonly minCustomerEpoch: number;
  /** null where the list does not name this lock. */
  readonly minKeyEpoch: number | null;
}

/** Locks that one list, or one part of it, may name. */
export const maxRevocations = 64;

export const createRevocationList = (
  list: {
    readonly customerKey: Uint8Array;
    readonly version: number;
    readonly minCustomerEpoch: number;
    readonly locks: readonly { readonly serialNumber: string; readonly minKeyEpoch: number }[];
  },
  sign: Signer,
): Uint8Array => {
  if (list.locks.length > maxRevocations) throw new RangeError('too many locks for one list');
  const locks = list.locks.map(({ serialNumber, minKeyEpoch }) => [fromHex(serialNumber), minKeyEpoch]);
  return signStatement(
    revocationContext,
    [keyHash(list.customerKey), list.version, list.minCustomerEpoch, locks],
    sign,
  );
};

const isEpoch = (value: CborValue | undefined): value is number => isUint(value, 0, maxEpoch);

/** Serial numbers with the key epoch that a list demands of each. Throws LinkError `malformed`. */
const lockEntries = (locks: CborValue | undefined): (readonly [serialNumber: string, epoch: number])[] => {
  if (!isArray(locks) || locks.length > maxRevocations) throw new LinkError('malformed', 'revocation list');
  return locks.map((entry) => {
    const [serial, epoch, ...others] = membersOf(entry);
    if (!isBytes(serial) || !isEpoch(epoch) || others.length > 0)
      throw new LinkError('malformed', 'revocation list');
    return [toHex(serial), epoch];
  });
};

/** The key epoch that a list demands of this lock, or null. Throws LinkError `malformed`. */
const findLock = (locks: CborValue | undefined, serialNumber: string): number | null => {
  const epochs = lockEntries(locks).flatMap(([serial, epoch]) => (serial === serialNumber ? [epoch] : []));
  return epochs.length === 0 ? null : Math.max(...epochs);
};

/** What the list says to this lock; null if it is for another customer or no root has signed it. Throws LinkError `malformed`. */
export const readRevocationList = (
  bytes: Uint8Array,
  lock: {
    readonly serialNumber: string;
    readonly customerKey: Uint8Array;
    readonly roots: readonly Uint8Array[];
  },
): Revocation | null => {
  const statement = readStatement(bytes);
  const [customer, version, minCustomerEpoch, locks, ...others] = membersOf(decodeCbor(statement.payload));
  const fits = isBytes(customer) && isEpoch(version) && isEpoch(minCustomerEpoch);
  if (!fits || others.length > 0) throw new LinkError('malformed', 'revocation list');
  const minKeyEpoch = findLock(locks, lock.serialNumber);
  if (!equalBytes(customer, keyHash(lock.customerKey))) return null;
  if (!isStatementOf(statement, revocationContext, lock.roots)) return null;
  return { version, minCustomerEpoch, minKeyEpoch };
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
    const [, version, , locks] = membersOf(decodeCbor(readStatement(bytes).payload));
    if (!isEpoch(version)) return null;
    const named = new Map<string, number>();
    for (const [serialNumber, epoch] of lockEntries(locks)) {
      named.set(serialNumber, Math.max(named.get(serialNumber) ?? 0, epoch));
    }
    return { version, locks: named };
  } catch (error) {
    if (error instanceof LinkError) return null;
    throw error;
  }
};
