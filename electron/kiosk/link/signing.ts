/** ECDSA on P-256 with SHA-256, by node:crypto, with keys in the forms that the link and its certificates use. */
import { createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import { concatBytes, fromHex } from './bytes.ts';

/** ES256 over `data` in the fixed-length form r ‖ s, 64 bytes. */
export type Signer = (data: Uint8Array) => Uint8Array;

/** SubjectPublicKeyInfo of a P-256 key up to its 65-byte point: it is the same for every key. */
export const spkiPrefix = fromHex('3059301306072a8648ce3d020106082a8648ce3d030107034200');

/** Bytes of an uncompressed P-256 point. */
export const pointLength = 65;

/** A public key from an uncompressed point (65 bytes). Throws if the point is not on the curve. */
export const publicKeyOf = (point: Uint8Array): KeyObject =>
  createPublicKey({ key: Buffer.from(concatBytes([spkiPrefix, point])), format: 'der', type: 'spki' });

/** ES256 over `data`, r ‖ s. `pkcs8`: a P-256 private key, DER. Throws if it is none. */
export const createSigner = (pkcs8: Uint8Array): Signer => {
  const key = createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' });
  if (key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') throw new RangeError('not a P-256 key');
  return (data) => new Uint8Array(sign('sha256', data, { key, dsaEncoding: 'ieee-p1363' }));
};

/** Whether r ‖ s (`ieee-p1363`) or an ECDSA-Sig-Value (`der`) is the signature of `data` under `point`. Never throws. */
export const verifySignature = (
  point: Uint8Array,
  data: Uint8Array,
  signature: Uint8Array,
  encoding: 'ieee-p1363' | 'der',
): boolean => {
  try {
    return verify('sha256', data, { key: publicKeyOf(point), dsaEncoding: encoding }, signature);
  } catch {
    return false;
  }
};
