/**
 * Seals Key Certificates to a kiosk: compact JWE (RFC 7516), ECDH-ES direct key agreement (RFC 7518, 4.6), A256GCM.
 *
 * One key agreement with a fresh ephemeral key serves one sealer, so one page of a pull: the agreement costs far more than
 * everything else. Each value still gets a key of its own, since its number (`apu`) goes into the key derivation.
 */
import {
  createCipheriv,
  createSecretKey,
  createECDH,
  hash,
  diffieHellman,
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
} from 'node:crypto';
import { drawnAhead } from '#shared/flow/drawn-ahead.ts';
import type { PublicJwk } from '#shared/http/contract.ts';

const algorithm = 'A256GCM';
const keyBits = 256;
const ivBytes = 12;

const uint32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};
const withLength = (bytes: Uint8Array): Buffer => Buffer.concat([uint32(bytes.length), bytes]);

/**
 * What Concat KDF hashes (RFC 7518, 4.6.2; NIST SP 800-56A): one round of SHA-256 is 256 bits, and PartyVInfo is empty. PartyUInfo
 * alone differs between the values of a sealer, and is written into its place.
 */
const keyInput = (sharedSecret: Buffer): { readonly bytes: Buffer; readonly partyU: Buffer } => {
  const before = Buffer.concat([uint32(1), sharedSecret, withLength(Buffer.from(algorithm)), uint32(4)]);
  const bytes = Buffer.concat([before, uint32(0), withLength(Buffer.alloc(0)), uint32(keyBits)]);
  return { bytes, partyU: bytes.subarray(before.length, before.length + 4) };
};

/** RFC 7638: tells a kiosk that has changed its keys to which of them a value is sealed. */
const thumbprintOf = ({ crv, kty, x, y }: PublicJwk): string =>
  hash('sha256', JSON.stringify({ crv, kty, x, y }), 'base64url');

export interface Sealer {
  seal(plain: Uint8Array): string;
}

/** Throws when `recipient` is not a point of P-256. */
export const createSealer = (recipient: PublicJwk): Sealer => {
  const ephemeral = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const publicKey = createPublicKey({ key: recipient, format: 'jwk' });
  const sharedSecret = diffieHellman({ privateKey: ephemeral.privateKey, publicKey });
  const { kty, crv, x, y } = ephemeral.publicKey.export({ format: 'jwk' });
  const epk = { kty, crv, x, y };
  const header = JSON.stringify({ alg: 'ECDH-ES', enc: algorithm, kid: thumbprintOf(recipient), epk });
  const { bytes, partyU } = keyInput(sharedSecret);
  const nextIv = drawnAhead(randomBytes, ivBytes);
  let count = 0;

  return {
    seal: (plain) => {
      partyU.writeUInt32BE(count++);
      const protectedHeader = Buffer.from(
        `${header.slice(0, -1)},"apu":"${partyU.toString('base64url')}"}`,
      ).toString('base64url');
      const iv = nextIv();
      // Node takes a key object several times faster than a key's bytes.
      const cipher = createCipheriv('aes-256-gcm', createSecretKey(hash('sha256', bytes, 'buffer')), iv);
      cipher.setAAD(Buffer.from(protectedHeader, 'ascii'));
      const body = Buffer.concat([cipher.update(plain), cipher.final()]);
      // The second part, the encrypted key, is empty: the agreed key is used directly.
      return [
        protectedHeader,
        '',
        Buffer.from(iv).toString('base64url'),
        body.toString('base64url'),
        cipher.getAuthTag().toString('base64url'),
      ].join('.');
    },
  };
};

/** Whether these coordinates are a point of the curve: checked at registration, so that sealing can't fail later. */
export const isPointOfP256 = (key: PublicJwk): boolean => {
  const point = Buffer.concat([
    Buffer.of(4),
    Buffer.from(key.x, 'base64url'),
    Buffer.from(key.y, 'base64url'),
  ]);
  const own = createECDH('prime256v1');
  own.generateKeys();
  try {
    own.computeSecret(point);
    return true;
  } catch {
    return false;
  }
};
