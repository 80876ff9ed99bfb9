/** Good bytes gone bad: what a broken or hostile peer might send. Repeatable for the same randomness. */
import { concatBytes, fromHex } from '#kiosk/link/wire/bytes.ts';
import type { Random } from '#kiosk/platform/random.ts';

/** Longest input, in bytes: beyond every bound of the link, so that the bounds are met. */
const longest = 4096;
const mostChanges = 5;

/** Beginnings that parsers stumble over: lengths that are not there, nesting without end, forms that are not allowed. */
const nasty: readonly Uint8Array[] = [
  '9bffffffffffffffff',
  '9b0000000100000000',
  '5bffffffffffffffff',
  '5a7fffffff',
  '7b7fffffffffffffff',
  'bbffffffffffffffff',
  '9f',
  'bf',
  '5f',
  'ff',
  '818181818181818181818181',
  'a1a1a1a1a1a1a1a1a1a1',
  'c0',
  'd8ff',
  'f97e00',
  'fbfff0000000000000',
  '1bffffffffffffffff',
  '3bffffffffffffffff',
  '1800',
  '5800',
  '30847fffffff',
  '3080',
  '3000',
  '0500',
  '0200',
  '030100',
  '0603ffffff',
  '0101ff',
].map(fromHex);

const boundaries = [0, 1, 0x17, 0x18, 0x1f, 0x20, 0x7f, 0x80, 0x81, 0x82, 0x84, 0xa0, 0xfe, 0xff];

const below = (random: Random, end: number): number => Math.floor(random.float() * end);

const replaced = (bytes: Uint8Array, from: number, to: number, by: Uint8Array): Uint8Array =>
  concatBytes([bytes.subarray(0, from), by, bytes.subarray(to)]);

type Change = (bytes: Uint8Array, random: Random, corpus: readonly Uint8Array[]) => Uint8Array;

const changes: readonly Change[] = [
  (bytes, random) => {
    const at = below(random, bytes.length);
    return bytes.with(at, (bytes[at] ?? 0) ^ (1 << below(random, 8)));
  },
  (bytes, random) => bytes.with(below(random, bytes.length), below(random, 256)),
  (bytes, random) =>
    bytes.with(below(random, bytes.length), boundaries[below(random, boundaries.length)] ?? 0),
  (bytes, random) => {
    const from = below(random, bytes.length);
    return replaced(bytes, from, Math.min(bytes.length, from + 1 + below(random, 16)), new Uint8Array());
  },
  (bytes, random) => {
    const at = below(random, bytes.length + 1);
    return replaced(bytes, at, at, random.bytes(1 + below(random, 16)));
  },
  (bytes, random) => {
    const from = below(random, bytes.length);
    const to = from + 1 + below(random, bytes.length - from);
    return replaced(bytes, to, to, bytes.subarray(from, to));
  },
  (bytes, random) => bytes.subarray(0, below(random, bytes.length + 1)),
  (bytes, random) => {
    const at = below(random, bytes.length + 1);
    return replaced(bytes, at, at, nasty[below(random, nasty.length)] ?? bytes);
  },
  (bytes, random) => {
    const at = below(random, bytes.length);
    const by = nasty[below(random, nasty.length)] ?? bytes;
    return replaced(bytes, at, Math.min(bytes.length, at + by.length), by);
  },
  (bytes, random, corpus) => {
    const other = corpus[below(random, corpus.length)] ?? bytes;
    const from = below(random, other.length + 1);
    return replaced(bytes, below(random, bytes.length + 1), bytes.length, other.subarray(from));
  },
];

/** One to five changes to one of the corpus. */
export const mutate = (corpus: readonly Uint8Array[], random: Random): Uint8Array => {
  let bytes = corpus[below(random, corpus.length)] ?? new Uint8Array();
  for (let left = 1 + below(random, mostChanges); left > 0; left -= 1) {
    const change = changes[below(random, changes.length)];
    bytes = change && bytes.length > 0 ? change(bytes, random, corpus) : random.bytes(1 + below(random, 40));
  }
  return bytes.slice(0, longest);
};
