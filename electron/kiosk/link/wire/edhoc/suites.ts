/** The cipher suite of RFC 9528 that the link uses: 2, which is P-256 and ES256 with AES-CCM-16-64-128 and SHA-256. */
import { createECDH } from 'node:crypto';
import { concatBytes } from '../bytes.ts';
import { LinkError } from '../link-error.ts';
import type { Random } from '../../../platform/random.ts';

/** One side's ephemeral key pair; its private half stays in the closure. */
export interface Ephemeral {
  /** 32 bytes: the x-coordinate of a P-256 point. */
  readonly publicKey: Uint8Array;
  /** The shared secret, 32 bytes. Throws LinkError `malformed` for a key that is no point. */
  agree(peer: Uint8Array): Uint8Array;
}

export interface Suite {
  /** As RFC 9528 registers it. */
  readonly id: number;
  readonly signatureLength: number;
  /** An ephemeral key pair from 32 bytes, or null where they are no private key of the curve. */
  ephemeralFrom(secret: Uint8Array): Ephemeral | null;
}

/** Length of an ephemeral public key, in bytes. */
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

export const suite2: Suite = { id: 2, signatureLength: 64, ephemeralFrom: p256 };

/** A fresh ephemeral key pair. */
export const drawEphemeral = (suite: Suite, random: Random): Ephemeral => {
  for (let draw = 0; draw < 8; draw += 1) {
    const drawn = suite.ephemeralFrom(random.bytes(ephemeralLength));
    if (drawn !== null) return drawn;
  }
  throw new Error('the random source yields no private key');
};
