/** The two steps of HKDF, which the key schedule needs apart, held to Node's, which does both at once. */
import { hkdfSync } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { extract, kdf } from './key-schedule.ts';
import { encodeSequence } from '../cbor/encode.ts';

const bytes = (longest: number) => fc.uint8Array({ maxLength: longest });

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
