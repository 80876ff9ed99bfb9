/** Signs for who has a key of their own and need not be told whose it is: a lock, the vendor, a time authority. */
import { createPrivateKey, type KeyObject } from 'node:crypto';
import { signerOf, type Signer } from '../wire/signing.ts';

const privateKeyOf = (pkcs8: Uint8Array): KeyObject => {
  const key = createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' });
  if (key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') throw new RangeError('not a P-256 key');
  return key;
};

/** ES256 over `data`, r ‖ s. `pkcs8`: a P-256 private key, DER. Throws if it is none. */
export const createSigner = (pkcs8: Uint8Array): Signer => signerOf(privateKeyOf(pkcs8));
