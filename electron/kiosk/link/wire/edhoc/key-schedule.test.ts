/** The hashes that the key schedule puts together itself, held to Node's. */
import { createHmac, hkdfSync } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { extract, kdf } from './key-schedule.ts';
import { encodeSequence } from '../cbor/encode.ts';

const bytes = (longest: number) => fc.uint8Array({ maxLength: longest });

test('HMAC is Node’s, for keys shorter than a block of SHA-256, as long, and longer', () => {
  fc.assert(
    fc.property(bytes(200), bytes(300), (key, data) => {
      const expected = new Uint8Array(createHmac('sha256', key).update(data).digest());
      expect(extract(key, data)).toEqual(expected);
    }),
  );
  for (const length of [0, 32, 63, 64, 65, 128]) {
    const key = new Uint8Array(length).fill(length);
    const expected = new Uint8Array(createHmac('sha256', key).update('data').digest());
    expect(extract(key, new TextEncoder().encode('data'))).toEqual(expected);
  }
});

test('extract and expand together are Node’s HKDF', () => {
  fc.assert(
    fc.property(
      bytes(64),
      bytes(64),
      bytes(40),
      fc.integer({ min: 1, max: 255 * 32 }),
      (salt, secret, context, length) => {
        const info = encodeSequence([7, context, length]);
        const expected = new Uint8Array(hkdfSync('sha256', secret, salt, info, length));
        expect(kdf(extract(salt, secret), 7, context, length)).toEqual(expected);
      },
    ),
    { numRuns: 50 },
  );
});
