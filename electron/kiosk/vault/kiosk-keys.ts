/** The kiosk's two key pairs (P-256): one signs (ES256), to the other Key Certificates are sealed (ECDH-ES). */
import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  hkdfSync,
  type KeyObject,
} from 'node:crypto';
import { promisify } from 'node:util';
import { z } from 'zod';
import { publicJwkSchema, type PublicJwk } from '#shared/http/contract.ts';

export interface KioskKeys {
  readonly signing: KeyObject;
  readonly sealing: KeyObject;
}

const keysFileSchema = z.strictObject({
  format: z.literal(1),
  signing: z.base64(),
  sealing: z.base64(),
});

const generate = promisify(generateKeyPair);

export const generateKioskKeys = async (): Promise<KioskKeys> => {
  const [signing, sealing] = await Promise.all([
    generate('ec', { namedCurve: 'P-256' }),
    generate('ec', { namedCurve: 'P-256' }),
  ]);
  return { signing: signing.privateKey, sealing: sealing.privateKey };
};

/** The plain text that the secret store wraps. The caller overwrites it. */
export const encodeKioskKeys = (keys: KioskKeys): Uint8Array => {
  const pkcs8 = (key: KeyObject): string => key.export({ format: 'der', type: 'pkcs8' }).toString('base64');
  return Buffer.from(
    JSON.stringify({ format: 1, signing: pkcs8(keys.signing), sealing: pkcs8(keys.sealing) }),
    'utf8',
  );
};

/** Throws where the bytes are not what `encodeKioskKeys` made; the error carries nothing of them. */
export const decodeKioskKeys = (bytes: Uint8Array): KioskKeys => {
  const parsed = keysFileSchema.safeParse(parseJson(Buffer.from(bytes).toString('utf8')));
  if (!parsed.success) throw new Error('the wrapped keys are not in the expected format');
  const key = (base64: string): KeyObject =>
    createPrivateKey({ key: Buffer.from(base64, 'base64'), format: 'der', type: 'pkcs8' });
  return { signing: key(parsed.data.signing), sealing: key(parsed.data.sealing) };
};

export const publicJwk = (key: KeyObject): PublicJwk => {
  const { kty, crv, x, y } = createPublicKey(key).export({ format: 'jwk' });
  return publicJwkSchema.parse({ kty, crv, x, y });
};

/**
 * Authenticates what lies beside the keys (the identity names the trust anchors): whoever can write files but cannot open
 * the keys cannot put another root there.
 */
export const authenticate = (keys: KioskKeys, text: string): string => {
  const secret = keys.signing.export({ format: 'der', type: 'pkcs8' });
  const macKey = hkdfSync('sha256', secret, Buffer.alloc(0), 'latchpoint kiosk identity', 32);
  secret.fill(0);
  return createHmac('sha256', Buffer.from(macKey)).update(text).digest('base64');
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};
