/** Key pairs of the vendor and its customers: made, kept as text, read back. */
import { webcrypto } from 'node:crypto';
import { publicKeyOf } from '#kiosk/link/wire/signing.ts';

const { subtle } = webcrypto;
const ecdsa = { name: 'ECDSA', namedCurve: 'P-256' } as const;

export interface SigningKey {
  readonly privateKey: webcrypto.CryptoKey;
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Uint8Array;
}

/** Both halves in base64: PKCS #8 and SubjectPublicKeyInfo. */
export interface StoredKeyPair {
  readonly privateKey: string;
  readonly publicKey: string;
}

const store = async (pair: webcrypto.CryptoKeyPair): Promise<StoredKeyPair> => ({
  privateKey: Buffer.from(await subtle.exportKey('pkcs8', pair.privateKey)).toString('base64'),
  publicKey: Buffer.from(await subtle.exportKey('spki', pair.publicKey)).toString('base64'),
});

export const makeSigningKeyPair = async (): Promise<StoredKeyPair> =>
  store(await subtle.generateKey(ecdsa, true, ['sign', 'verify']));

/** RSA-2048, for enrolment codes of 256 bytes. */
export const makeEnrolmentKeyPair = async (): Promise<StoredKeyPair> =>
  store(
    await subtle.generateKey(
      {
        name: 'RSA-OAEP',
        hash: 'SHA-256',
        modulusLength: 2048,
        publicExponent: Uint8Array.of(1, 0, 1),
      },
      true,
      ['encrypt', 'decrypt'],
    ),
  );

export const readSigningKey = async (stored: StoredKeyPair): Promise<SigningKey> => ({
  privateKey: await subtle.importKey('pkcs8', Buffer.from(stored.privateKey, 'base64'), ecdsa, false, [
    'sign',
  ]),
  publicKey: new Uint8Array(Buffer.from(stored.publicKey, 'base64')),
});

/** SubjectPublicKeyInfo (DER) of an uncompressed P-256 point. */
export const spkiOf = (point: Uint8Array): Uint8Array =>
  new Uint8Array(publicKeyOf(point).export({ format: 'der', type: 'spki' }));

/** The uncompressed point (65 bytes) that ends a P-256 SubjectPublicKeyInfo. */
export const pointOf = (spki: Uint8Array): Uint8Array => spki.slice(-65);
