/**
 * The key of a Key Certificate, calculated alike by the lock and by the vendor's API from what the enrolment code carries:
 *
 *   okm = HKDF-SHA-256(ikm = lock secret, salt = "Latchpoint lock key v1", info = serial number (8 bytes), 48 bytes)
 *   d   = (okm as a big-endian integer mod (n − 1)) + 1
 *
 * 48 bytes leave a bias below 2⁻¹²⁸ (FIPS 186-5, A.2.1), so nothing is ever rejected and drawn again.
 */
import { createECDH, createPrivateKey, hkdfSync } from 'node:crypto';
import { fromHex } from '../wire/bytes.ts';

const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const salt = new TextEncoder().encode('Latchpoint lock key v1');

/** Bytes of the secret that an unprovisioned lock draws. */
export const lockSecretLength = 32;

export interface LockKeyPair {
  /** PKCS #8, DER. */
  readonly privateKey: Uint8Array;
  /** Uncompressed point, 65 bytes. */
  readonly publicKey: Uint8Array;
}

/** Throws RangeError for a secret or serial number of the wrong length. */
export const deriveLockKey = (secret: Uint8Array, serialNumber: string): LockKeyPair => {
  if (secret.length !== lockSecretLength || !/^[0-9a-f]{16}$/.test(serialNumber)) {
    throw new RangeError('lock secret or serial number');
  }
  const okm = Buffer.from(hkdfSync('sha256', secret, salt, fromHex(serialNumber), 48));
  const scalar = (BigInt(`0x${okm.toString('hex')}`) % (order - 1n)) + 1n;
  const raw = Buffer.from(scalar.toString(16).padStart(64, '0'), 'hex');
  const ecdh = createECDH('prime256v1');
  ecdh.setPrivateKey(raw);
  const point = ecdh.getPublicKey();
  const key = createPrivateKey({
    format: 'jwk',
    key: {
      kty: 'EC',
      crv: 'P-256',
      d: raw.toString('base64url'),
      x: point.subarray(1, 33).toString('base64url'),
      y: point.subarray(33).toString('base64url'),
    },
  });
  return {
    privateKey: new Uint8Array(key.export({ format: 'der', type: 'pkcs8' })),
    publicKey: new Uint8Array(point),
  };
};
