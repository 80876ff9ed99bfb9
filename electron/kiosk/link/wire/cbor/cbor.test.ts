import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromHex, toHex } from '../bytes.ts';
import { LinkError } from '../link-error.ts';
import { decodeCbor, decodeSequence } from './decode.ts';
import { encodeCbor, encodeSequence } from './encode.ts';
import type { CborValue } from './value.ts';

const { value: anyValue } = fc.letrec<{ value: CborValue; leaf: CborValue }>((tie) => ({
  leaf: fc.oneof(
    fc.maxSafeInteger().filter((integer) => integer > Number.MIN_SAFE_INTEGER),
    fc.string({ unit: 'grapheme', maxLength: 20 }),
    fc.uint8Array({ maxLength: 40 }).map((bytes) => Uint8Array.from(bytes)),
    fc.boolean(),
    fc.constant(null),
  ),
  value: fc.oneof(
    { maxDepth: 5, depthSize: 'small' },
    tie('leaf'),
    fc.array(tie('value'), { maxLength: 5 }),
    fc
      .array(fc.tuple(fc.oneof(fc.integer(), fc.string({ maxLength: 5 })), tie('value')), { maxLength: 5 })
      .map((entries) => new Map(entries)),
  ),
}));

/** RFC 8949, appendix A: the examples of the types that the link has. */
const examples: [string, CborValue][] = [
  ['00', 0],
  ['17', 23],
  ['1818', 24],
  ['18ff', 255],
  ['190100', 256],
  ['1903e8', 1000],
  ['1a000f4240', 1_000_000],
  ['1b000000e8d4a51000', 1_000_000_000_000],
  ['20', -1],
  ['3863', -100],
  ['3903e7', -1000],
  ['f4', false],
  ['f5', true],
  ['f6', null],
  ['40', new Uint8Array()],
  ['4401020304', Uint8Array.of(1, 2, 3, 4)],
  ['60', ''],
  ['62c3bc', 'ü'],
  ['64f0908591', '𐅑'],
  ['80', []],
  ['8301820203820405', [1, [2, 3], [4, 5]]],
  ['a0', new Map()],
  [
    'a201020304',
    new Map([
      [1, 2],
      [3, 4],
    ]),
  ],
  [
    'a26161016162820203',
    new Map<string, CborValue>([
      ['a', 1],
      ['b', [2, 3]],
    ]),
  ],
];

const refused: [string, string][] = [
  ['nothing', ''],
  ['trailing bytes', '0000'],
  ['24 in a longer form than needed', '1817'],
  ['a 2-byte length that fits one', '190018'],
  ['an 8-byte length that fits four', '1b00000000ffffffff'],
  ['an integer beyond the safe ones', '1b0020000000000000'],
  ['a negative integer beyond the safe ones', '3b001fffffffffffff'],
  ['a byte string that claims 1.6 GB', '5a5f5e1000'],
  ['a text that claims 2⁵³ bytes', '7b001fffffffffffff'],
  ['an array that claims 400 million items', '9a17d78400'],
  ['a map that claims 400 million entries', 'ba17d78400'],
  ['a string of indefinite length', '5f4100ff'],
  ['an array of indefinite length', '9fff'],
  ['a stray break', 'ff'],
  ['a tag', 'c000'],
  ['a half float', 'f90000'],
  ['undefined', 'f7'],
  ['a simple value', 'f0'],
  ['a text that is not UTF-8', '61ff'],
  ['a surrogate in UTF-8', '63eda080'],
  ['a key twice', 'a201000100'],
  ['keys out of order', 'a202000100'],
  ['a key that is an array', 'a18000'],
  ['nine arrays in one another', '818181818181818180'],
];

describe('cbor', () => {
  test.each(examples)('%s both ways', (hex, value) => {
    expect(toHex(encodeCbor(value))).toBe(hex);
    expect(decodeCbor(fromHex(hex))).toEqual(value);
  });

  test.each(refused)('refuses %s', (_name, hex) => {
    expect(() => decodeCbor(fromHex(hex))).toThrow(LinkError);
  });

  test.each([
    ['an array', '83c000'],
    ['a map', 'a3c000'],
  ])('refuses %s of more members than there are bytes before it reads the first', (_name, hex) => {
    // The first member is a tag, which would be refused by another name.
    expect(() => decodeCbor(fromHex(hex))).toThrow('ends early');
    expect(() => decodeCbor(fromHex(`${hex}00`))).toThrow('tag');
  });

  test('whatever is encoded is decoded to the same', () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        expect(decodeCbor(encodeCbor(value))).toEqual(value);
      }),
    );
  });

  test('whatever is decoded has one encoding: the bytes that it came from', () => {
    const mutated = fc
      .tuple(anyValue, fc.nat(), fc.integer({ min: 0, max: 255 }))
      .map(([value, index, byte]) => {
        const bytes = encodeCbor(value);
        return bytes.with(index % bytes.length, byte);
      });
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 40 }), mutated), (raw) => {
        const bytes = Uint8Array.from(raw);
        let value: CborValue;
        try {
          value = decodeCbor(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(LinkError);
          return;
        }
        expect(encodeCbor(value)).toEqual(bytes);
      }),
      { numRuns: 2000 },
    );
  });

  test('a sequence is its items one after another, up to a bound', () => {
    fc.assert(
      fc.property(fc.array(anyValue, { maxLength: 6 }), (values) => {
        expect(decodeSequence(encodeSequence(values))).toEqual(values);
      }),
    );
    expect(() => decodeSequence(new Uint8Array(33))).toThrow(LinkError);
  });

  test('a decoded byte string shares no memory with what was received', () => {
    const received = Buffer.from('43010203', 'hex');
    const value = decodeCbor(received);
    received.fill(0);
    expect(value).toEqual(Uint8Array.of(1, 2, 3));
  });

  test('numbers that are no safe integers are not encoded', () => {
    expect(() => encodeCbor(0.5)).toThrow(RangeError);
    expect(() => encodeCbor(2 ** 53)).toThrow(RangeError);
  });
});
