/**
 * Seals Key Certificates to a kiosk: compact JWE (RFC 7516), ECDH-ES direct key agreement (RFC 7518, 4.6), A256GCM.
 *
 * One key agreement with a fresh ephemeral key serves one sealer, so one page of a pull: the agreement costs far more than
 * everything else. Each value still gets a key of its own, since its number (`apu`) goes into the key derivation.
 */
import {
  createCipheriv,
  createECDH,
  hash,
  diffieHellman,
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
} from 'node:crypto';
import type { PublicJwk } from '#shared/http/contract.ts';

const algorithm = 'A256GCM';
const keyBits = 256;

const uint32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};
const withLength = (bytes: Uint8Array): Buffer => Buffer.concat([uint32(bytes.length), bytes]);

/** Concat KDF (RFC 7518, 4.6.2; NIST SP 800-56A): one round of SHA-256 is 256 bits. PartyVInfo is empty. */
const contentKey = (sharedSecret: Buffer, partyU: Uint8Array): Buffer =>
  hash(
    'sha256',
    Buffer.concat([
      uint32(1),
      sharedSecret,
      withLength(Buffer.from(algorithm)),
      withLength(partyU),
      withLength(Buffer.alloc(0)),
      uint32(keyBits),
    ]),
    'buffer',
  );

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
  const header = { alg: 'ECDH-ES', enc: algorithm, kid: thumbprintOf(recipient), epk };

  let count = 0;

  return {
    seal: (plain) => {
      const partyU = uint32(count++);
      const protectedHeader = Buffer.from(
        JSON.stringify({ ...header, apu: partyU.toString('base64url') }),
      ).toString('base64url');
      const iv = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', contentKey(sharedSecret, partyU), iv);
      cipher.setAAD(Buffer.from(protectedHeader, 'ascii'));
      const body = Buffer.concat([cipher.update(plain), cipher.final()]);
      // The second part, the encrypted key, is empty: the agreed key is used directly.
      return [
        protectedHeader,
        '',
        iv.toString('base64url'),
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
