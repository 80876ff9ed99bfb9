/** How a lock judges a revocation list that a kiosk brings: wire/revocation-list.ts has its form. */
import { equalBytes } from '../wire/bytes.ts';
import { decodeCbor } from '../wire/cbor/decode.ts';
import { isBytes, itemsOf, type CborValue } from '../wire/cbor/value.ts';
import { isStatementOf, readStatement } from '../wire/cose-sign1.ts';
import { sha256 } from '../wire/edhoc/key-schedule.ts';
import { LinkError } from '../wire/link-error.ts';
import { isEpoch, revokedLocks } from '../wire/revocation-list.ts';

/** What a revocation list is signed in. */
export const revocationContext: CborValue = ['Latchpoint revocation'];

/** What a revocation list says to one lock. */
export interface Revocation {
  /** A lock keeps the highest version that it has seen, and what that said. */
  readonly version: number;
  readonly minCustomerEpoch: number;
  /** null where the list does not name this lock. */
  readonly minKeyEpoch: number | null;
}

/** The key epoch that a list demands of this lock, or null. Throws LinkError `malformed`. */
const findLock = (locks: CborValue | undefined, serialNumber: string): number | null => {
  const epochs = revokedLocks(locks).flatMap(([serial, epoch]) => (serial === serialNumber ? [epoch] : []));
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
  const [customer, version, minCustomerEpoch, locks, ...others] = itemsOf(decodeCbor(statement.payload));
  const fits = isBytes(customer) && isEpoch(version) && isEpoch(minCustomerEpoch);
  if (!fits || others.length > 0) throw new LinkError('malformed', 'revocation list');
  const minKeyEpoch = findLock(locks, lock.serialNumber);
  if (!equalBytes(customer, sha256(lock.customerKey))) return null;
  if (!isStatementOf(statement, revocationContext, lock.roots)) return null;
  return { version, minCustomerEpoch, minKeyEpoch };
};
