/** Both forms of a signature, held to what Node makes of them. */
import { generateKeyPairSync, sign, verify } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromSigValue, toSigValue } from './ecdsa-form.ts';
import { createSigner } from '../lock/signer.ts';
import { verifySignature } from './signing.ts';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const point = new Uint8Array(publicKey.export({ format: 'der', type: 'spki' }).subarray(-65));
const signer = createSigner(new Uint8Array(privateKey.export({ format: 'der', type: 'pkcs8' })));
const half = fc.oneof(
  fc.uint8Array({ minLength: 32, maxLength: 32 }),
  // Numbers that are short, and numbers that would be negative.
  fc.integer({ min: 0, max: 31 }).map((zeros) => new Uint8Array(32).fill(0x80, zeros)),
  fc.constant(new Uint8Array(32)),
);

test('r ‖ s comes back from its other form, whatever its zeros and signs', () => {
  fc.assert(
    fc.property(half, half, (r, s) => {
      const signature = new Uint8Array([...r, ...s]);
      const sigValue = toSigValue(signature);
      expect(sigValue && fromSigValue(sigValue)).toEqual(signature);
    }),
  );
});

test('Node takes what is signed here, and what Node signs is taken here', () => {
  // One signature in 128 has a short number.
  for (let count = 0; count < 300; count += 1) {
    const data = Uint8Array.of(count >> 8, count & 0xff);
    const ours = signer(data);
    expect(ours).toHaveLength(64);
    expect(verify('sha256', data, { key: publicKey, dsaEncoding: 'ieee-p1363' }, ours)).toBe(true);
    const theirs = sign('sha256', data, { key: privateKey, dsaEncoding: 'ieee-p1363' });
    expect(verifySignature(point, data, theirs, 'ieee-p1363')).toBe(true);
    expect(verifySignature(point, data, sign('sha256', data, privateKey), 'der')).toBe(true);
  }
});

test('what has another length, another form or another byte is no signature', () => {
  const data = Uint8Array.of(1);
  const signature = signer(data);
  const wrong = [
    signature.subarray(0, 63),
    new Uint8Array([...signature, 0]),
    new Uint8Array(64),
    new Uint8Array(),
    signature.with(5, (signature[5] ?? 0) ^ 1),
    sign('sha256', data, privateKey),
  ];
  for (const each of wrong) expect(verifySignature(point, data, each, 'ieee-p1363')).toBe(false);
  expect(verifySignature(point, data, signature, 'der')).toBe(false);
  for (const bytes of [
    [],
    [0x30, 0],
    [0x30, 3, 2, 1, 1],
    [0x31, 6, 2, 1, 1, 2, 1, 1],
    [0x30, 6, 2, 1, 1, 2, 9, 1],
  ]) {
    expect(() => fromSigValue(Uint8Array.from(bytes))).toThrow(RangeError);
  }
});
