/** COSE_Sign1 (RFC 9052, section 4.2) with ES256: the form of every signed statement that is no certificate. Untagged. */
import { isBytes, isMap, membersOf, type CborMap, type CborValue } from './cbor/value.ts';
import { decodeCbor } from './cbor/decode.ts';
import { encodeCbor } from './cbor/encode.ts';
import { LinkError } from './link-error.ts';
import type { Signer } from './signing.ts';
import { verifySignature } from './signing.ts';

/** Protected header {1: -7}: ES256. */
const protectedHeader = encodeCbor(new Map([[1, -7]]));
const x5chain = 33;

export interface SignedStatement {
  readonly payload: Uint8Array;
  readonly signature: Uint8Array;
  /** The signer's certificate (DER) from the unprotected header, or null where there is none. */
  readonly certificate: Uint8Array | null;
}

/** What is signed. `context` says what kind of statement it is and what it is bound to; it is not sent. */
const signedData = (context: CborValue, payload: Uint8Array): Uint8Array =>
  encodeCbor(['Signature1', protectedHeader, encodeCbor(context), payload]);

export const signStatement = (
  context: CborValue,
  payload: CborValue,
  sign: Signer,
  certificate: Uint8Array | null = null,
): Uint8Array => {
  const bytes = encodeCbor(payload);
  const header: CborMap = new Map(certificate === null ? [] : [[x5chain, certificate]]);
  return encodeCbor([protectedHeader, header, bytes, sign(signedData(context, bytes))]);
};

/** Takes a statement apart without judging it. Throws LinkError `malformed`. */
export const readStatement = (bytes: Uint8Array): SignedStatement => {
  const [header, unprotected, payload, signature, ...others] = membersOf(decodeCbor(bytes));
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
