import { concatBytes } from '../bytes.ts';
import { isMap, type CborMap, type CborValue } from './value.ts';

/** Bytes of a head: major type and argument in the shortest form. Throws RangeError beyond the safe integers. */
const head = (major: number, argument: number): Uint8Array => {
  if (!Number.isSafeInteger(argument) || argument < 0) throw new RangeError(`cbor argument ${argument}`);
  const type = major << 5;
  if (argument < 24) return Uint8Array.of(type | argument);
  if (argument < 0x100) return Uint8Array.of(type | 24, argument);
  if (argument < 0x1_0000) return Uint8Array.of(type | 25, argument >> 8, argument & 0xff);
  const wide = argument >= 0x1_0000_0000;
  const bytes = new Uint8Array(wide ? 9 : 5);
  const view = new DataView(bytes.buffer);
  bytes[0] = type | (wide ? 27 : 26);
  if (wide) view.setBigUint64(1, BigInt(argument));
  else view.setUint32(1, argument);
  return bytes;
};

const compare = (a: Uint8Array, b: Uint8Array): number => Buffer.compare(a, b);

const encodeMap = (map: CborMap): Uint8Array => {
  const entries = [...map].map(([key, value]) => ({ key: encodeCbor(key), value: encodeCbor(value) }));
  entries.sort((a, b) => compare(a.key, b.key));
  return concatBytes([head(5, map.size), ...entries.flatMap(({ key, value }) => [key, value])]);
};

/** The one encoding of `value`. Throws RangeError for a number that is no safe integer: the caller's mistake. */
export const encodeCbor = (value: CborValue): Uint8Array => {
  if (value === null) return Uint8Array.of(0xf6);
  if (typeof value === 'boolean') return Uint8Array.of(value ? 0xf5 : 0xf4);
  if (typeof value === 'number') return value < 0 ? head(1, -1 - value) : head(0, value);
  if (typeof value === 'string') {
    const text = new Uint8Array(Buffer.from(value, 'utf8'));
    return concatBytes([head(3, text.length), text]);
  }
  if (value instanceof Uint8Array) return concatBytes([head(2, value.length), value]);
  if (isMap(value)) return encodeMap(value);
  return concatBytes([head(4, value.length), ...value.map(encodeCbor)]);
};

/** Several data items one after another: a CBOR sequence (RFC 8742). */
export const encodeSequence = (values: readonly CborValue[]): Uint8Array =>
  concatBytes(values.map(encodeCbor));
