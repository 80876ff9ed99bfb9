/** Keys derived from the backend's master secret, and encryption of what lies in the database (AES-256-GCM). */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const ivBytes = 12;
const tagBytes = 16;

export interface AtRest {
  /** `context` says what and whose it is, and is bound to it: a value moved to another row does not open. */
  encrypt(plain: Uint8Array, context: string): Buffer;
  /** Throws when the value was altered, moved, or encrypted under another master secret. */
  decrypt(encrypted: Uint8Array, context: string): Buffer;
}

/** A 256-bit key for one purpose (HKDF-SHA-256), so that no two uses share one. */
export const deriveKey = (masterSecret: string, purpose: string): Buffer =>
  Buffer.from(hkdfSync('sha256', masterSecret, 'latchpoint backend', purpose, 32));

export const createAtRest = (masterSecret: string): AtRest => {
  const key = deriveKey(masterSecret, 'at rest 1');
  return {
    encrypt: (plain, context) => {
      const iv = randomBytes(ivBytes);
      const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(context));
      return Buffer.concat([iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
    },
    decrypt: (encrypted, context) => {
      const iv = encrypted.subarray(0, ivBytes);
      const tag = encrypted.subarray(encrypted.length - tagBytes);
      const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: tagBytes });
      decipher.setAAD(Buffer.from(context)).setAuthTag(tag);
      const body = encrypted.subarray(ivBytes, encrypted.length - tagBytes);
      return Buffer.concat([decipher.update(body), decipher.final()]);
    },
  };
};
