/**
 * Reads DER, as far as the certificates of docs/link.md need it. Written apart from the reader at the other end of the link:
 * what one takes by mistake, the other does not.
 */
export interface Tlv {
  readonly tag: number;
  readonly value: Buffer;
  /** With tag and length. */
  readonly raw: Buffer;
}

export const tags = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  printableString: 0x13,
  sequence: 0x30,
  set: 0x31,
  extensions: 0xa3,
} as const;

/** Thrown for what is not DER. Never leaves this folder. */
export class NotDer extends Error {}

/** The items of which `bytes` consists, without a rest. Throws NotDer. */
export const readItems = (bytes: Buffer): Tlv[] => {
  const items: Tlv[] = [];
  for (let at = 0; at < bytes.length;) {
    const { start, length } = readLength(bytes, at + 1);
    const end = start + length;
    if (end > bytes.length) throw new NotDer('cut off');
    items.push({
      tag: bytes.readUInt8(at),
      value: bytes.subarray(start, end),
      raw: bytes.subarray(at, end),
    });
    at = end;
  }
  return items;
};

/** At most two bytes of length: nothing that is read here is longer. */
const readLength = (bytes: Buffer, at: number): { readonly start: number; readonly length: number } => {
  const first = bytes[at];
  if (first === undefined) throw new NotDer('no length');
  if (first < 0x80) return { start: at + 1, length: first };
  const octets = first & 0x7f;
  const start = at + 1 + octets;
  if (octets < 1 || octets > 2 || start > bytes.length) throw new NotDer('length');
  const length = bytes.readUIntBE(at + 1, octets);
  if (length < (octets === 1 ? 0x80 : 0x100)) throw new NotDer('not the shortest length');
  return { start, length };
};

/** The one item that `bytes` is. Throws NotDer. */
export const readOne = (bytes: Buffer, tag: number): Tlv => {
  const [item, ...others] = readItems(bytes);
  if (item?.tag !== tag || others.length > 0) throw new NotDer('another item');
  return item;
};

export const membersOf = (bytes: Buffer, tag: number): Tlv[] => readItems(readOne(bytes, tag).value);

/** Dotted. Throws NotDer. */
export const readOid = ({ tag, value }: Tlv): string => {
  if (tag !== tags.oid || value.length === 0 || (value.at(-1) ?? 0) >= 0x80) throw new NotDer('identifier');
  const arcs: number[] = [];
  let arc = 0;
  for (const octet of value) {
    arc = arc * 128 + (octet & 0x7f);
    if (octet >= 0x80) continue;
    arcs.push(arc);
    arc = 0;
  }
  const [both = 0, ...others] = arcs;
  const first = Math.min(2, Math.floor(both / 40));
  return [first, both - first * 40, ...others].join('.');
};

/** A number from 0 to 2³¹ − 1. Throws NotDer. */
export const readInteger = ({ tag, value }: Tlv): number => {
  const fits = tag === tags.integer && value.length > 0 && value.length <= 4 && (value[0] ?? 0) < 0x80;
  if (!fits || (value.length > 1 && value[0] === 0 && (value[1] ?? 0) < 0x80)) throw new NotDer('number');
  return value.readUIntBE(0, value.length);
};
