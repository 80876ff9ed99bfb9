/** Cipher suite 0 of RFC 9528 (X25519, EdDSA), for which RFC 9529 publishes a whole trace. The link does not use it. */
import { createPrivateKey, createPublicKey, diffieHellman, type KeyObject } from 'node:crypto';
import { concatBytes, fromHex } from '#kiosk/link/wire/bytes.ts';
import { ephemeralLength, type Ephemeral, type Suite } from '#kiosk/link/wire/edhoc/suites.ts';
import { LinkError } from '#kiosk/link/wire/link-error.ts';

const x25519Private = fromHex('302e020100300506032b656e04220420');
const x25519Public = fromHex('302a300506032b656e032100');

const agree = (privateKey: KeyObject, peer: Uint8Array): Uint8Array => {
  try {
    const key = Buffer.from(concatBytes([x25519Public, peer]));
    const publicKey = createPublicKey({ key, format: 'der', type: 'spki' });
    return new Uint8Array(diffieHellman({ privateKey, publicKey }));
  } catch (cause) {
    throw new LinkError('malformed', 'ephemeral key', { cause });
  }
};

const x25519 = (secret: Uint8Array): Ephemeral => {
  const privateKey = createPrivateKey({
    key: Buffer.from(concatBytes([x25519Private, secret])),
    format: 'der',
    type: 'pkcs8',
  });
  const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  return {
    publicKey: new Uint8Array(spki.subarray(-ephemeralLength)),
    agree: (peer) => agree(privateKey, peer),
  };
};

export const suite0 = { id: 0, signatureLength: 64, ephemeralFrom: x25519 } satisfies Suite;
