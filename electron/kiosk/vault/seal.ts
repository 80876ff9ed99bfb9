/** Sealing of what lies on the kiosk's disk: AES-256-GCM under a key of the vault. */
import { createCipheriv, createDecipheriv, randomBytes, type KeyObject } from 'node:crypto';
import { drawnAhead } from '#shared/flow/drawn-ahead.ts';

const algorithm = 'aes-256-gcm';
const nonceLength = 12;
const options = { authTagLength: 16 } as const;

const nothing = Buffer.alloc(0);

/**
 * `head`, a nonce, the sealed text and its tag (16 bytes), one after the other. Opens again only with the same key and `about`, and
 * with the head that it has.
 */
type Seal = (about: string, text: string, head?: Uint8Array) => Buffer;

/** For many. `key`: 32 bytes, as an object: Node would prepare bytes anew each time. */
export const createSeal = (key: KeyObject): Seal => {
  const nonce = drawnAhead(randomBytes, nonceLength);
  return (about, text, head = nothing) => sealWith(key, nonce(), about, text, head);
};

/** For one. */
export const seal = (key: KeyObject, about: string, text: string): Buffer =>
  sealWith(key, randomBytes(nonceLength), about, text, nothing);

const sealWith = (
  key: KeyObject,
  nonce: Uint8Array,
  about: string,
  text: string,
  head: Uint8Array,
): Buffer => {
  const cipher = createCipheriv(algorithm, key, nonce, options);
  cipher.setAAD(associated(head, about));
  const sealed = cipher.update(text, 'utf8');
  // In this mode it adds nothing but the tag.
  cipher.final();
  return Buffer.concat([head, nonce, sealed, cipher.getAuthTag()]);
};

/** Null where it was not sealed with this key, about something else, or is not what was written. */
export const unseal = (key: KeyObject, about: string, sealed: Uint8Array, headLength = 0): string | null => {
  const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
  const textAt = headLength + nonceLength;
  const tagAt = bytes.length - options.authTagLength;
  if (tagAt < textAt) return null;
  const decipher = createDecipheriv(algorithm, key, bytes.subarray(headLength, textAt), options);
  decipher.setAAD(associated(bytes.subarray(0, headLength), about));
  decipher.setAuthTag(bytes.subarray(tagAt));
  const text = decipher.update(bytes.subarray(textAt, tagAt));
  try {
    decipher.final();
  } catch {
    return null;
  }
  return text.toString('utf8');
};

const associated = (head: Uint8Array, about: string): Buffer =>
  head.length === 0 ? Buffer.from(about) : Buffer.concat([head, Buffer.from(about)]);
