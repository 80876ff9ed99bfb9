/**
 * ECDSA with nonces by RFC 6979, so that a worked example comes out the same every time. Not in constant time: for tests
 * and published examples only, never for a key that matters.
 */
import { createECDH, createHash, createHmac } from 'node:crypto';

const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

const toInteger = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
const toBytes = (value: bigint): Buffer => Buffer.from(value.toString(16).padStart(64, '0'), 'hex');

const power = (base: bigint, exponent: bigint): bigint => {
  let result = 1n;
  for (
    let bits = exponent, square = base % order;
    bits > 0n;
    bits >>= 1n, square = (square * square) % order
  ) {
    if (bits & 1n) result = (result * square) % order;
  }
  return result;
};

const mac = (key: Uint8Array, ...parts: Uint8Array[]): Buffer =>
  createHmac('sha256', key).update(Buffer.concat(parts)).digest();

/** The nonce of RFC 6979, section 3.2, for SHA-256 and P-256. */
const nonceFor = (secret: Uint8Array, digest: Uint8Array): bigint => {
  const seed = Buffer.concat([toBytes(toInteger(secret)), toBytes(toInteger(digest) % order)]);
  let value: Buffer = Buffer.alloc(32, 1);
  let key: Buffer = Buffer.alloc(32);
  for (const separator of [0, 1]) {
    key = mac(key, value, Buffer.from([separator]), seed);
    value = mac(key, value);
  }
  for (;;) {
    value = mac(key, value);
    const nonce = toInteger(value);
    if (nonce > 0n && nonce < order) return nonce;
    key = mac(key, value, Buffer.from([0]));
    value = mac(key, value);
  }
};

const publicPoint = (secret: Uint8Array): Buffer => {
  const ecdh = createECDH('prime256v1');
  ecdh.setPrivateKey(secret);
  return ecdh.getPublicKey();
};

export interface DeterministicKey {
  /** Uncompressed point, 65 bytes. */
  readonly publicKey: Uint8Array;
  /** ES256, r ‖ s. */
  readonly sign: (data: Uint8Array) => Uint8Array;
}

/** `secret`: the private scalar, 32 bytes. */
export const deterministicKey = (secret: Uint8Array): DeterministicKey => ({
  publicKey: new Uint8Array(publicPoint(secret)),
  sign: (data) => {
    const digest = createHash('sha256').update(data).digest();
    const nonce = nonceFor(secret, digest);
    const r = toInteger(publicPoint(toBytes(nonce)).subarray(1, 33)) % order;
    const s = (power(nonce, order - 2n) * (toInteger(digest) + r * toInteger(secret))) % order;
    return new Uint8Array(Buffer.concat([toBytes(r), toBytes(s)]));
  },
});
