/** COSE_Sign1 (RFC 9052, section 4.2) with ES256: the form of every signed statement that is no certificate. Untagged. */
import { isBytes, isMap, itemsOf, type CborValue } from './cbor/value.ts';
import { decodeCbor } from './cbor/decode.ts';
import { encodeCbor } from './cbor/encode.ts';
import { LinkError } from './link-error.ts';
import { verifySignature } from './signing.ts';

/** Protected header {1: -7}: ES256. */
export const protectedHeader = encodeCbor(new Map([[1, -7]]));
/** Label of the signer's certificate in the unprotected header (RFC 9360). */
export const x5chain = 33;

export interface SignedStatement {
  readonly payload: Uint8Array;
  readonly signature: Uint8Array;
  /** The signer's certificate (DER) from the unprotected header, or null where there is none. */
  readonly certificate: Uint8Array | null;
}

/** What is signed. `context` says what kind of statement it is and what it is bound to; it is not sent. */
export const signedData = (context: CborValue, payload: Uint8Array): Uint8Array =>
  encodeCbor(['Signature1', protectedHeader, encodeCbor(context), payload]);

/** Takes a statement apart without judging it. Throws LinkError `malformed`. */
export const readStatement = (bytes: Uint8Array): SignedStatement => {
  const [header, unprotected, payload, signature, ...others] = itemsOf(decodeCbor(bytes));
  const certificate = isMap(unprotected) ? (unprotected.get(x5chain) ?? null) : undefined;
  const fits =
    isBytes(header) &&
    Buffer.compare(header, protectedHeader) === 0 &&
    isMap(unprotected) &&
    unprotected.size === (certificate === null ? 0 : 1) &&
    (certificate === null || isBytes(certificate)) &&
    isBytes(payload) &&
    isBytes(signature) &&
    others.length === 0;
  if (!fits) throw new LinkError('malformed', 'signed statement');
  return { payload, signature, certificate };
};

/** Whether one of `keys` (65-byte points) has signed the statement in this context. */
export const isStatementOf = (
  statement: SignedStatement,
  context: CborValue,
  keys: readonly Uint8Array[],
): boolean => {
  const data = signedData(context, statement.payload);
  return keys.some((key) => verifySignature(key, data, statement.signature, 'ieee-p1363'));
};
