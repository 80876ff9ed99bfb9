import { copyBytes } from '../bytes.ts';
import { LinkError } from '../link-error.ts';
import { maxDepth, type CborMap, type CborValue } from './value.ts';

const malformed = (detail: string): LinkError => new LinkError('malformed', `cbor: ${detail}`);

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

interface Reader {
  readonly bytes: Uint8Array;
  offset: number;
}

/** The next `length` bytes as a copy. Checked against what is there before anything is allocated. */
const take = (reader: Reader, length: number): Uint8Array => {
  if (length > reader.bytes.length - reader.offset) throw malformed('ends early');
  const taken = copyBytes(reader.bytes, reader.offset, reader.offset + length);
  reader.offset += length;
  return taken;
};

const byte = (reader: Reader): number => {
  const value = reader.bytes[reader.offset];
  if (value === undefined) throw malformed('ends early');
  reader.offset += 1;
  return value;
};

/** The argument that follows an initial byte; only its shortest form, and no more than a safe integer. */
const argument = (reader: Reader, info: number): number => {
  if (info < 24) return info;
  if (info > 27) throw malformed('indefinite or reserved length');
  const width = 1 << (info - 24);
  let value = 0;
  for (const octet of take(reader, width)) value = value * 256 + octet;
  if (!Number.isSafeInteger(value)) throw malformed('integer too large');
  const least = width === 1 ? 24 : 2 ** (8 * (width >> 1));
  if (value < least) throw malformed('not the shortest form');
  return value;
};

const readText = (reader: Reader, length: number): string => {
  const raw = take(reader, length);
  try {
    return utf8.decode(raw);
  } catch (cause) {
    throw new LinkError('malformed', 'cbor: not UTF-8', { cause });
  }
};

const readMap = (reader: Reader, size: number, depth: number): CborMap => {
  const map = new Map<number | string, CborValue>();
  let previous: Uint8Array | null = null;
  for (let index = 0; index < size; index += 1) {
    const start = reader.offset;
    const key = readItem(reader, depth);
    if (typeof key !== 'number' && typeof key !== 'string') throw malformed('map key');
    const encoded = reader.bytes.subarray(start, reader.offset);
    if (previous !== null && Buffer.compare(previous, encoded) >= 0) throw malformed('map order');
    previous = encoded;
    map.set(key, readItem(reader, depth));
  }
  return map;
};

const readSimple = (info: number): CborValue => {
  if (info === 20) return false;
  if (info === 21) return true;
  if (info === 22) return null;
  throw malformed('simple value or float');
};

const readItem = (reader: Reader, depth: number): CborValue => {
  const initial = byte(reader);
  const major = initial >> 5;
  const info = initial & 0x1f;
  if (major === 7) return readSimple(info);
  if (major === 6) throw malformed('tag');
  const value = argument(reader, info);
  if (major === 0) return value;
  if (major === 1) {
    if (value === Number.MAX_SAFE_INTEGER) throw malformed('integer too large');
    return -1 - value;
  }
  if (major === 2) return take(reader, value);
  if (major === 3) return readText(reader, value);
  if (depth >= maxDepth) throw malformed('nested too deeply');
  // Each member is a byte at least: a claim of more members than bytes is refused before the first is read.
  if (value > reader.bytes.length - reader.offset) throw malformed('ends early');
  if (major === 5) return readMap(reader, value, depth + 1);
  const items: CborValue[] = [];
  for (let index = 0; index < value; index += 1) items.push(readItem(reader, depth + 1));
  return items;
};

/** The one data item that `bytes` is. Throws LinkError `malformed` for anything else, trailing bytes included. */
export const decodeCbor = (bytes: Uint8Array): CborValue => {
  const reader = { bytes, offset: 0 };
  const value = readItem(reader, 0);
  if (reader.offset !== bytes.length) throw malformed('trailing bytes');
  return value;
};

/** The data items of a CBOR sequence, at most `most` of them. Throws LinkError `malformed`. */
export const decodeSequence = (bytes: Uint8Array, most = 32): CborValue[] => {
  const reader = { bytes, offset: 0 };
  const values: CborValue[] = [];
  while (reader.offset < bytes.length) {
    if (values.length >= most) throw malformed('too many items');
    values.push(readItem(reader, 0));
  }
  return values;
};
