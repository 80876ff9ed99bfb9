import { createCipheriv } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { concatBytes, fromHex, toHex } from '../bytes.ts';
import { openCcm, sealCcm, type TagLength } from './aes-ccm.ts';

const bytes = (length: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: length, maxLength: length }).map((raw) => Uint8Array.from(raw));
const upTo = (maxLength: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ maxLength }).map((raw) => Uint8Array.from(raw));
const input = fc.tuple(bytes(16), bytes(13), upTo(70), upTo(300), fc.constantFrom<TagLength>(8, 16));

/** RFC 3610, section 8, packet vector 1. */
test('agrees with RFC 3610', () => {
  const sealed = sealCcm(
    fromHex('c0c1c2c3c4c5c6c7c8c9cacbcccdcecf'),
    fromHex('00000003020100a0a1a2a3a4a5'),
    fromHex('0001020304050607'),
    fromHex('08090a0b0c0d0e0f101112131415161718191a1b1c1d1e'),
    8,
  );
  expect(toHex(sealed)).toBe('588c979a61c663d2f066d0c2c0f989806d5f6b61dac38417e8d12cfdf926e0');
});

test("agrees with Node's own CCM", () => {
  fc.assert(
    fc.property(input, ([key, nonce, aad, plain, tag]) => {
      const cipher = createCipheriv('aes-128-ccm', key, nonce, { authTagLength: tag });
      cipher.setAAD(aad, { plaintextLength: plain.length });
      const expected = concatBytes([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
      expect(toHex(sealCcm(key, nonce, aad, plain, tag))).toBe(toHex(expected));
    }),
  );
});

test('opens what it sealed, and nothing that was changed', () => {
  fc.assert(
    fc.property(
      input,
      fc.nat(),
      fc.integer({ min: 1, max: 255 }),
      ([key, nonce, aad, plain, tag], at, change) => {
        const sealed = sealCcm(key, nonce, aad, plain, tag);
        expect(openCcm(key, nonce, aad, sealed, tag)).toEqual(plain);
        const index = at % sealed.length;
        const changed = sealed.with(index, (sealed[index] ?? 0) ^ change);
        expect(() => openCcm(key, nonce, aad, changed, tag)).toThrow(/^bad_record/);
      },
    ),
  );
});

test('what is shorter than its tag is refused', () => {
  expect(() =>
    openCcm(new Uint8Array(16), new Uint8Array(13), new Uint8Array(), new Uint8Array(7), 8),
  ).toThrow(/^bad_record/);
});
