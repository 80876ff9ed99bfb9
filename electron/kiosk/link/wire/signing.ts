/** ECDSA on P-256 with SHA-256, by node:crypto, with keys in the forms that the link and its certificates use. */
import { createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import { createBoundedMap } from '#shared/flow/bounded-map.ts';
import { concatBytes, fromHex, toHex } from './bytes.ts';
import { fromSigValue, toSigValue } from './ecdsa-form.ts';

/** ES256 over `data` in the fixed-length form r ‖ s, 64 bytes. */
export type Signer = (data: Uint8Array) => Uint8Array;

/** SubjectPublicKeyInfo of a P-256 key up to its 65-byte point: it is the same for every key. */
export const spkiPrefix = fromHex('3059301306072a8648ce3d020106082a8648ce3d030107034200');

/** Bytes of an uncompressed P-256 point. */
export const pointLength = 65;

/** Importing a key takes longer than a verification with it, and the same few keys come back all the time. */
const mostKeys = 128;
/** In order of their last use: the one that was not used for longest makes room. */
const imported = createBoundedMap<string, KeyObject>(mostKeys);

/** A public key from an uncompressed point (65 bytes). Throws if the point is not on the curve. */
export const publicKeyOf = (point: Uint8Array): KeyObject => {
  const name = toHex(point);
  const known = imported.get(name);
  const key =
    known ??
    createPublicKey({ key: Buffer.from(concatBytes([spkiPrefix, point])), format: 'der', type: 'spki' });
  imported.set(name, key);
  return key;
};

/** Who signs with this key, which is one of P-256. */
export const signerOf =
  (key: KeyObject): Signer =>
  (data) =>
    fromSigValue(sign('sha256', data, key));

/**
 * Who signs with `pkcs8`, if it is the private key of the public key `point` (65 bytes); else null. Never throws. Comparing
 * the keys themselves says that it is of the curve, too, and takes a fraction of writing its public half out.
 */
export const signerFor = (pkcs8: Uint8Array, point: Uint8Array): Signer | null => {
  try {
    const key = createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' });
    return createPublicKey(key).equals(publicKeyOf(point)) ? signerOf(key) : null;
  } catch {
    return null; // Not a key, or no point. What else the bytes are is nobody's business, least of all an error's.
  }
};

/** Whether r ‖ s (`ieee-p1363`) or an ECDSA-Sig-Value (`der`) is the signature of `data` under `point`. Never throws. */
export const verifySignature = (
  point: Uint8Array,
  data: Uint8Array,
  signature: Uint8Array,
  encoding: 'ieee-p1363' | 'der',
): boolean => {
  try {
    const sigValue = encoding === 'der' ? signature : toSigValue(signature);
    return sigValue !== null && verify('sha256', data, publicKeyOf(point), sigValue);
  } catch {
    return false;
  }
};
