/** A strict reader of DER (X.690): one form for every value, lengths checked against what is there. */
import { LinkError } from './link-error.ts';

export const derTags = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  utf8String: 0x0c,
  printableString: 0x13,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

export interface DerItem {
  readonly tag: number;
  readonly value: Uint8Array;
  /** Tag, length and value. */
  readonly raw: Uint8Array;
}

const malformed = (detail: string): LinkError => new LinkError('malformed', `der: ${detail}`);

/** Length octets at `offset`: the length and where the value starts. Up to 65,535 in the shortest form. */
const readLength = (bytes: Uint8Array, offset: number): { length: number; start: number } => {
  const [first, second, third] = bytes.subarray(offset, offset + 3);
  if (first === undefined) throw malformed('ends early');
  if (first < 0x80) return { length: first, start: offset + 1 };
  if (first === 0x81 && second !== undefined && second >= 0x80) return { length: second, start: offset + 2 };
  if (first === 0x82 && second !== undefined && second > 0 && third !== undefined) {
    return { length: second * 256 + third, start: offset + 3 };
  }
  throw malformed('length');
};

const readAt = (bytes: Uint8Array, offset: number): DerItem => {
  const tag = bytes[offset];
  if (tag === undefined || (tag & 0x1f) === 0x1f) throw malformed('tag');
  const { length, start } = readLength(bytes, offset + 1);
  if (length > bytes.length - start) throw malformed('ends early');
  return { tag, value: bytes.subarray(start, start + length), raw: bytes.subarray(offset, start + length) };
};

/** The items one after another that fill `bytes`. Throws LinkError `malformed`, as everything here does. */
export const readDerItems = (bytes: Uint8Array): DerItem[] => {
  const items: DerItem[] = [];
  for (let offset = 0; offset < bytes.length;) {
    const item = readAt(bytes, offset);
    items.push(item);
    offset += item.raw.length;
  }
  return items;
};

/** The members of the one item with `tag` that fills `bytes`. */
export const readDerMembers = (bytes: Uint8Array, tag: number): DerItem[] =>
  readDerItems(readDerValue(bytes, tag));

/** The value of the one item with `tag` that fills `bytes`. */
export const readDerValue = (bytes: Uint8Array, tag: number): Uint8Array => {
  const [only, ...others] = readDerItems(bytes);
  if (only?.tag !== tag || others.length > 0) throw malformed('unexpected structure');
  return only.value;
};

/** An INTEGER from 0 to 2³¹ − 1, from its value octets. */
export const readDerUint = (value: Uint8Array): number => {
  const [first, second] = value;
  if (first === undefined || first >= 0x80) throw malformed('integer');
  if (first === 0 && second !== undefined && second < 0x80) throw malformed('integer');
  const number = value.reduce((sum, octet) => sum * 256 + octet, 0);
  if (value.length > 5 || number > 0x7fff_ffff) throw malformed('integer');
  return number;
};

/** An object identifier in dotted form, from its value octets. Arcs beyond 2²⁸ are refused: no profile uses them. */
export const readDerOid = (value: Uint8Array): string => {
  const last = value.at(-1);
  if (last === undefined || last >= 0x80) throw malformed('object identifier');
  const arcs: number[] = [];
  let arc = 0;
  let width = 0;
  for (const octet of value) {
    if (width === 0 && octet === 0x80) throw malformed('object identifier');
    arc = arc * 128 + (octet & 0x7f);
    width += 1;
    if (width > 4) throw malformed('object identifier');
    if (octet < 0x80) {
      arcs.push(arc);
      arc = 0;
      width = 0;
    }
  }
  const [first = 0, ...others] = arcs;
  const root = Math.min(2, Math.floor(first / 40));
  return [root, first - root * 40, ...others].join('.');
};

/** The bits of a BIT STRING of named bits, bit 0 lowest, from its value octets; at most 16 bits. */
export const readDerNamedBits = (value: Uint8Array): number => {
  const [unused, ...octets] = value;
  const last = octets.at(-1);
  if (unused === undefined || last === undefined || unused > 7 || octets.length > 2)
    throw malformed('bit string');
  // Named bits end with the last one set (X.690, 11.2.2).
  if ((last & ((1 << unused) - 1)) !== 0 || (last & (1 << unused)) === 0) throw malformed('bit string');
  let bits = 0;
  octets.forEach((octet, index) => {
    for (let bit = 0; bit < 8; bit += 1) if ((octet & (0x80 >> bit)) !== 0) bits |= 1 << (index * 8 + bit);
  });
  return bits;
};

/** UTCTime or GeneralizedTime in the one form that RFC 5280 allows for its year: milliseconds since 1970. */
export const readDerTime = (item: DerItem): number => {
  const text = Buffer.from(item.value).toString('latin1');
  const utc = item.tag === derTags.utcTime;
  if (!utc && item.tag !== derTags.generalizedTime) throw malformed('time');
  if (!(utc ? /^\d{12}Z$/ : /^\d{14}Z$/).test(text)) throw malformed('time');
  const full = utc ? `${Number(text.slice(0, 2)) >= 50 ? '19' : '20'}${text}` : text;
  const part = (start: number, end: number): number => Number(full.slice(start, end));
  if (!utc && part(0, 4) < 2050) throw malformed('time');
  const time = Date.UTC(part(0, 4), part(4, 6) - 1, part(6, 8), part(8, 10), part(10, 12), part(12, 14));
  const canonical = new Date(time).toISOString().replaceAll(/[-:T]|\.000/g, '');
  if (canonical !== full) throw malformed('time');
  return time;
};
