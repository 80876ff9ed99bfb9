/** Keys derived from the backend's master secret, and encryption of what lies in the database (AES-256-GCM). */
import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  hkdfSync,
  randomBytes,
  type KeyObject,
} from 'node:crypto';

const ivBytes = 12;
const tagBytes = 16;

export interface AtRest {
  /** `context` says what and whose it is, and is bound to it: a value moved to another row does not open. */
  encrypt(plain: Uint8Array, context: string): Buffer;
  /** Throws when the value was altered, moved, or encrypted under a master secret that is neither of the two. */
  decrypt(encrypted: Uint8Array, context: string): Buffer;
  /** The same value under the present secret; null where it is already. Throws as `decrypt` does. */
  renew(encrypted: Uint8Array, context: string): Buffer | null;
}

/** A 256-bit key for one purpose (HKDF-SHA-256), so that no two uses share one. */
export const deriveKey = (masterSecret: string, purpose: string): Buffer =>
  Buffer.from(hkdfSync('sha256', masterSecret, 'latchpoint backend', purpose, 32));

/** Node takes a key object several times faster than a key's bytes. */
const keyOf = (masterSecret: string): KeyObject => createSecretKey(deriveKey(masterSecret, 'at rest 1'));

const open = (key: KeyObject, encrypted: Uint8Array, context: string): Buffer => {
  const iv = encrypted.subarray(0, ivBytes);
  const tag = encrypted.subarray(encrypted.length - tagBytes);
  const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: tagBytes });
  decipher.setAAD(Buffer.from(context)).setAuthTag(tag);
  const body = encrypted.subarray(ivBytes, encrypted.length - tagBytes);
  return Buffer.concat([decipher.update(body), decipher.final()]);
};

const opens = (key: KeyObject, encrypted: Uint8Array, context: string): boolean => {
  try {
    open(key, encrypted, context);
    return true;
  } catch {
    return false;
  }
};

/** Encrypts under `masterSecret`; what was encrypted under `previousSecret` still opens, while one takes the other's place. */
export const createAtRest = (masterSecret: string, previousSecret?: string): AtRest => {
  const key = keyOf(masterSecret);
  const previous = previousSecret === undefined ? null : keyOf(previousSecret);
  const atRest: AtRest = {
    encrypt: (plain, context) => {
      const iv = randomBytes(ivBytes);
      const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(context));
      return Buffer.concat([iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
    },
    decrypt: (encrypted, context) =>
      open(previous && !opens(key, encrypted, context) ? previous : key, encrypted, context),
    renew: (encrypted, context) =>
      opens(key, encrypted, context) ? null : atRest.encrypt(atRest.decrypt(encrypted, context), context),
  };
  return atRest;
};
