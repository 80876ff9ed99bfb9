/** The key schedule of RFC 9528, section 4, for SHA-256. */
import { createHmac, createSecretKey, hash, type KeyObject } from 'node:crypto';
import { concatBytes } from '../bytes.ts';
import { encodeSequence } from '../cbor/encode.ts';

/** Bytes of a hash, and of every pseudo-random key. */
export const hashLength = 32;

/** The info labels of RFC 9528, tables in 4.1.2 and 4.2. */
export const labels = {
  keystream2: 0,
  mac2: 2,
  k3: 3,
  iv3: 4,
  mac3: 6,
  prkOut: 7,
  prkExporter: 10,
} as const;

/** In one call: making a Hash object takes longer than hashing as little as there is here. */
const digest = (data: Uint8Array): Uint8Array => new Uint8Array(hash('sha256', data, 'buffer'));

export const sha256 = (...parts: readonly Uint8Array[]): Uint8Array => digest(concatBytes(parts));

/**
 * HMAC-SHA-256 (RFC 2104). The key is a KeyObject: Node takes five times as long with the bytes themselves, and there are some
 * thirty of these in a session.
 */
const hmac = (key: KeyObject, data: Uint8Array): Uint8Array =>
  createHmac('sha256', key).update(data).digest();

/** HKDF-Extract (RFC 5869, section 2.2). Node's own HKDF does both steps at once, and the key schedule needs them apart. */
export const extract = (salt: Uint8Array, secret: Uint8Array): Uint8Array =>
  new Uint8Array(hmac(createSecretKey(salt), secret));

/** HKDF-Expand (RFC 5869, section 2.3). */
const expand = (key: Uint8Array, info: Uint8Array, length: number): Uint8Array => {
  if (length > 255 * hashLength) throw new RangeError('HKDF output too long');
  const secret = createSecretKey(key);
  const blocks: Uint8Array[] = [];
  let previous: Uint8Array = new Uint8Array();
  for (let counter = 1; blocks.length * hashLength < length; counter += 1) {
    previous = hmac(secret, concatBytes([previous, info, Uint8Array.of(counter)]));
    blocks.push(previous);
  }
  return concatBytes(blocks).slice(0, length);
};

/** EDHOC_KDF: `length` bytes under `label`, bound to `context`. */
export const kdf = (key: Uint8Array, label: number, context: Uint8Array, length: number): Uint8Array =>
  expand(key, encodeSequence([label, context, length]), length);

/** PRK_exporter from PRK_4e3m and TH_4. */
export const exporterSecret = (prk4e3m: Uint8Array, th4: Uint8Array): Uint8Array =>
  kdf(kdf(prk4e3m, labels.prkOut, th4, hashLength), labels.prkExporter, new Uint8Array(), hashLength);

/** EDHOC_Exporter with an empty context. `label`: 32768 to 65535 are for private use. */
export type Exporter = (label: number, length: number) => Uint8Array;

export const createExporter = (prkExporter: Uint8Array): Exporter => {
  const context = new Uint8Array();
  return (label, length) => kdf(prkExporter, label, context, length);
};
