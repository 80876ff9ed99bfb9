/** The few kinds of CBOR item (RFC 8949) that signed statements of docs/link.md are made of, read by someone who knows what comes. */

export class NotThatCbor extends Error {}

interface Head {
  readonly major: number;
  readonly value: number;
}

const uint = 0;
const bstr = 2;
const array = 4;
const map = 5;

/** Walks over items in the order in which they are expected. Throws NotThatCbor at anything else. */
export const createCborReader = (bytes: Buffer) => {
  let at = 0;
  const take = (length: number): Buffer => {
    if (at + length > bytes.length) throw new NotThatCbor();
    at += length;
    return bytes.subarray(at - length, at);
  };
  const head = (): Head => {
    const first = take(1).readUInt8();
    const [major, short] = [first >> 5, first & 0x1f];
    if (short < 24) return { major, value: short };
    const length = { 24: 1, 25: 2, 26: 4 }[short];
    if (length === undefined) throw new NotThatCbor();
    return { major, value: take(length).readUIntBE(0, length) };
  };
  const valueOf = (major: number): number => {
    const item = head();
    if (item.major !== major) throw new NotThatCbor();
    return item.value;
  };
  return {
    uint: () => valueOf(uint),
    bytes: (length?: number): Buffer => {
      const found = take(valueOf(bstr));
      if (length !== undefined && found.length !== length) throw new NotThatCbor();
      return found;
    },
    array: (length: number): void => {
      if (valueOf(array) !== length) throw new NotThatCbor();
    },
    arrayOfAtMost: (most: number): number => {
      const length = valueOf(array);
      if (length > most) throw new NotThatCbor();
      return length;
    },
    emptyMap: (): void => {
      if (valueOf(map) !== 0) throw new NotThatCbor();
    },
    end: (): void => {
      if (at !== bytes.length) throw new NotThatCbor();
    },
  };
};
