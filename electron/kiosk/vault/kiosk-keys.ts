/** The kiosk's two key pairs (P-256): one signs (ES256), to the other Key Certificates are sealed (ECDH-ES). */
import {
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  generateKeyPair,
  hkdfSync,
  type KeyObject,
} from 'node:crypto';
import { promisify } from 'node:util';
import { publicJwkSchema, type PublicJwk } from '#shared/http/contract.ts';

export interface KioskKeys {
  readonly signing: KeyObject;
  readonly sealing: KeyObject;
}

const generate = promisify(generateKeyPair);

export const generateKioskKeys = async (): Promise<KioskKeys> => {
  const [signing, sealing] = await Promise.all([
    generate('ec', { namedCurve: 'P-256' }),
    generate('ec', { namedCurve: 'P-256' }),
  ]);
  return { signing: signing.privateKey, sealing: sealing.privateKey };
};

export const encodePrivateKey = (key: KeyObject): string =>
  key.export({ format: 'der', type: 'pkcs8' }).toString('base64');

/** Throws where it is no PKCS #8 private key. */
export const decodePrivateKey = (base64: string): KeyObject =>
  createPrivateKey({ key: Buffer.from(base64, 'base64'), format: 'der', type: 'pkcs8' });

export const publicJwk = (key: KeyObject): PublicJwk => {
  const { kty, crv, x, y } = createPublicKey(key).export({ format: 'jwk' });
  return publicJwkSchema.parse({ kty, crv, x, y });
};

/** RFC 7638, as hexadecimal digits: what tells one key from every other, short enough to be read out. */
export const thumbprint = ({ crv, kty, x, y }: PublicJwk): string =>
  createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('hex');

/**
 * Authenticates what lies beside the keys (the identity names the trust anchors): whoever can write files but cannot open
 * the keys cannot put another root there.
 */
export const macOf = (keys: KioskKeys, text: string): string => {
  return createHmac('sha256', derived(keys, 'identity')).update(text).digest('base64');
};

const derived = (keys: KioskKeys, purpose: string): Buffer => {
  const secret = keys.signing.export({ format: 'der', type: 'pkcs8' });
  const key = hkdfSync('sha256', secret, Buffer.alloc(0), `latchpoint kiosk ${purpose}`, 32);
  secret.fill(0);
  return Buffer.from(key);
};

/** Seals what lies beside the keys, and opens it again: no key of it is kept. */
export const sealingKeyOf = (keys: KioskKeys, purpose: string): KeyObject =>
  createSecretKey(derived(keys, purpose));
