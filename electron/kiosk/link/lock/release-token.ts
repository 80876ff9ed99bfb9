/** How a lock judges a release token, with which the vendor's root lets it go. The form is in docs/link.md. */
import { equalBytes, toHex } from '../wire/bytes.ts';
import { decodeCbor } from '../wire/cbor/decode.ts';
import { isBytes, itemsOf, type CborValue } from '../wire/cbor/value.ts';
import { isStatementOf, readStatement } from '../wire/cose-sign1.ts';
import { sha256 } from '../wire/edhoc/key-schedule.ts';
import { LinkError } from '../wire/link-error.ts';

/** What a release token is signed in. */
export const releaseContext: CborValue = ['Latchpoint release'];

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
    const [serial, hash, ...others] = itemsOf(decodeCbor(statement.payload));
    return (
      isBytes(serial) &&
      toHex(serial) === lock.serialNumber &&
      isBytes(hash) &&
      equalBytes(hash, sha256(lock.keyPublic)) &&
      others.length === 0 &&
      isStatementOf(statement, releaseContext, lock.roots)
    );
  } catch (error) {
    if (error instanceof LinkError) return false;
    throw error;
  }
};
