/**
 * The two cipher suites of RFC 9528 that this core has: 2 (P-256, ES256), which the link uses, and 0 (X25519, EdDSA), for
 * which RFC 9529 publishes a whole trace. Both: AES-CCM-16-64-128, SHA-256.
 */
import { createECDH, createPrivateKey, createPublicKey, diffieHellman } from 'node:crypto';
import { concatBytes, fromHex } from '../bytes.ts';
import { LinkError } from '../link-error.ts';
import type { Random } from '../../platform/random.ts';

/** One side's ephemeral key pair; its private half stays in the closure. */
export interface Ephemeral {
  /** 32 bytes: an X25519 public key, or the x-coordinate of a P-256 point. */
  readonly publicKey: Uint8Array;
  /** The shared secret, 32 bytes. Throws LinkError `malformed` for a key that is no point, or a point of low order. */
  agree(peer: Uint8Array): Uint8Array;
}

export interface Suite {
  readonly id: 0 | 2;
  readonly signatureLength: number;
  /** An ephemeral key pair from 32 bytes, or null where they are no private key of the curve. */
  ephemeralFrom(secret: Uint8Array): Ephemeral | null;
}

/** Length of an ephemeral public key, in bytes, in both suites. */
export const ephemeralLength = 32;

const guard = <T>(detail: string, work: () => T): T => {
  try {
    return work();
  } catch (cause) {
    throw new LinkError('malformed', detail, { cause });
  }
};

const p256 = (secret: Uint8Array): Ephemeral | null => {
  const ecdh = createECDH('prime256v1');
  try {
    ecdh.setPrivateKey(secret);
  } catch {
    // Zero, or not below the order: one draw in 2³², the caller draws again.
    return null;
  }
  return {
    publicKey: new Uint8Array(ecdh.getPublicKey().subarray(1, 33)),
    agree: (peer) =>
      guard('ephemeral key', () => {
        // Only the x-coordinate of the shared point is used, so either of the two points with this x will do.
        return new Uint8Array(ecdh.computeSecret(concatBytes([Uint8Array.of(2), peer])));
      }),
  };
};

const x25519Private = fromHex('302e020100300506032b656e04220420');
const x25519Public = fromHex('302a300506032b656e032100');

const x25519 = (secret: Uint8Array): Ephemeral => {
  const privateKey = createPrivateKey({
    key: Buffer.from(concatBytes([x25519Private, secret])),
    format: 'der',
    type: 'pkcs8',
  });
  const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  return {
    publicKey: new Uint8Array(spki.subarray(-ephemeralLength)),
    agree: (peer) =>
      guard('ephemeral key', () => {
        const key = Buffer.from(concatBytes([x25519Public, peer]));
        const publicKey = createPublicKey({ key, format: 'der', type: 'spki' });
        return new Uint8Array(diffieHellman({ privateKey, publicKey }));
      }),
  };
};

export const suite2: Suite = { id: 2, signatureLength: 64, ephemeralFrom: p256 };
export const suite0: Suite = { id: 0, signatureLength: 64, ephemeralFrom: x25519 };

/** A fresh ephemeral key pair. */
export const drawEphemeral = (suite: Suite, random: Random): Ephemeral => {
  for (let draw = 0; draw < 8; draw += 1) {
    const drawn = suite.ephemeralFrom(random.bytes(ephemeralLength));
    if (drawn !== null) return drawn;
  }
  throw new Error('the random source yields no private key');
};
