/** Signs what is no certificate: a lock its capture proof, the vendor its tokens and lists. */
import { encodeCbor } from '../wire/cbor/encode.ts';
import type { CborMap, CborValue } from '../wire/cbor/value.ts';
import { protectedHeader, signedData, x5chain } from '../wire/cose-sign1.ts';
import type { Signer } from '../wire/signing.ts';

/** A COSE_Sign1 over `payload` in `context` (wire/cose-sign1.ts); `certificate`: the signer's, DER, where it goes along. */
export const signCose = (
  context: CborValue,
  payload: CborValue,
  sign: Signer,
  certificate: Uint8Array | null = null,
): Uint8Array => {
  const bytes = encodeCbor(payload);
  const header: CborMap = new Map(certificate === null ? [] : [[x5chain, certificate]]);
  return encodeCbor([protectedHeader, header, bytes, sign(signedData(context, bytes))]);
};
