/**
 * AES-128-CCM with a 13-byte nonce (RFC 3610, L = 2), put together from CBC and CTR. Node offers CCM itself, but
 * Electron's BoringSSL does not, and the link has to run in both; a property test holds it to Node's.
 */
import { createCipheriv, createSecretKey, timingSafeEqual, type KeyObject } from 'node:crypto';
import { concatBytes, copyBytes } from '../bytes.ts';
import { LinkError } from '../link-error.ts';

export type TagLength = 8 | 16;

/** Bytes. */
export const keyLength = 16;
export const nonceLength = 13;

const block = 16;
const zeroBlock = new Uint8Array(block);

const padded = (bytes: Uint8Array): Uint8Array =>
  concatBytes([bytes, new Uint8Array((block - (bytes.length % block)) % block)]);

/** CBC-MAC over B_0, the associated data and the plaintext: one whole block. */
const authenticate = (
  key: KeyObject,
  nonce: Uint8Array,
  aad: Uint8Array,
  plain: Uint8Array,
  tag: TagLength,
): Uint8Array => {
  const flags = (aad.length > 0 ? 0x40 : 0) | (((tag - 2) / 2) << 3) | 1;
  const first = concatBytes([
    Uint8Array.of(flags),
    nonce,
    Uint8Array.of(plain.length >> 8, plain.length & 0xff),
  ]);
  const header =
    aad.length > 0 ? padded(concatBytes([Uint8Array.of(aad.length >> 8, aad.length & 0xff), aad])) : aad;
  const cipher = createCipheriv('aes-128-cbc', key, zeroBlock).setAutoPadding(false);
  return cipher.update(concatBytes([first, header, padded(plain)])).subarray(-block);
};

/** CTR from A_0: the first block of `data` is the tag's. Encrypts and decrypts alike. */
const counter = (key: KeyObject, nonce: Uint8Array, data: Uint8Array): Uint8Array =>
  createCipheriv('aes-128-ctr', key, concatBytes([Uint8Array.of(1), nonce, Uint8Array.of(0, 0)])).update(
    data,
  );

/** Ciphertext ‖ tag. `plain` and `aad` below 65,280 bytes: the link's messages are far shorter. */
export const sealCcm = (
  key: Uint8Array,
  nonce: Uint8Array,
  aad: Uint8Array,
  plain: Uint8Array,
  tag: TagLength,
): Uint8Array => {
  if (plain.length >= 0xff00 || aad.length >= 0xff00) throw new RangeError('too long for CCM here');
  const keyObject = createSecretKey(key);
  const mac = authenticate(keyObject, nonce, aad, plain, tag);
  const masked = counter(keyObject, nonce, concatBytes([mac, plain]));
  return concatBytes([masked.subarray(block), masked.subarray(0, tag)]);
};

/** The plaintext. Throws LinkError `bad_record` when the tag does not verify. */
export const openCcm = (
  key: Uint8Array,
  nonce: Uint8Array,
  aad: Uint8Array,
  sealed: Uint8Array,
  tag: TagLength,
): Uint8Array => {
  const length = sealed.length - tag;
  if (length < 0 || length >= 0xff00) throw new LinkError('bad_record', 'length');
  const masked = concatBytes([
    sealed.subarray(length),
    new Uint8Array(block - tag),
    sealed.subarray(0, length),
  ]);
  const keyObject = createSecretKey(key);
  const clear = counter(keyObject, nonce, masked);
  const plain = copyBytes(clear, block);
  const mac = authenticate(keyObject, nonce, aad, plain, tag);
  if (!timingSafeEqual(mac.subarray(0, tag), clear.subarray(0, tag)))
    throw new LinkError('bad_record', 'tag');
  return plain;
};
