/** What is proven of an update, and the only cryptography of this folder: who signed the manifest, and that a package is the one it names. */
import { createHash, createPublicKey, verify, type KeyObject } from 'node:crypto';
import { createReadStream } from 'node:fs';

/** A channel's public key. */
export type UpdateKey = KeyObject;

/** The public key in a PEM text; null where that holds no Ed25519 public key. A private key is none, although one could be derived from it. */
export const updateKeyOf = (pem: string): UpdateKey | null => {
  if (!pem.includes('-----BEGIN PUBLIC KEY-----') || pem.includes('PRIVATE KEY')) return null;
  try {
    const key = createPublicKey(pem);
    return key.asymmetricKeyType === 'ed25519' ? key : null;
  } catch {
    return null;
  }
};

/** The same for the same key, however its file is written. */
export const digestOfKey = (key: UpdateKey): string =>
  createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('hex');

/** Ed25519 (RFC 8032) over the bytes as they are. */
export const isSignedByChannel = (key: UpdateKey, signed: Uint8Array, signature: Uint8Array): boolean =>
  verify(null, signed, key, signature);

/** SHA-256 of a file, read in pieces; hexadecimal. Rejects where it cannot be read. */
export const sha256OfFile = async (path: string): Promise<string> => {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path)) hash.update(piece as Uint8Array);
  return hash.digest('hex');
};

/** Where a store stands among all, 0 to 99: always the same, and as good as chosen by lot. */
export const shareOfStore = (storeId: string): number =>
  createHash('sha256').update(storeId).digest().readUInt32BE(0) % 100;
