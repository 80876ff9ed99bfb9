/**
 * The CBOR that the link speaks: the core deterministic encoding (RFC 8949, section 4.2.1) of integers that fit a double,
 * byte strings, text strings, arrays, maps, booleans and null. No tags, no floats, nothing of indefinite length.
 */
export type CborValue = number | string | boolean | null | Uint8Array | readonly CborValue[] | CborMap;

export type CborMap = ReadonlyMap<number | string, CborValue>;

/** Arrays and maps nested in one another, counted from 1 for the outermost. */
export const maxDepth = 8;

export const isArray = (value: CborValue | undefined): value is readonly CborValue[] => Array.isArray(value);

export const isMap = (value: CborValue | undefined): value is CborMap => value instanceof Map;

export const isBytes = (value: CborValue | undefined): value is Uint8Array => value instanceof Uint8Array;

export const isUint = (value: CborValue | undefined, min: number, max: number): value is number =>
  typeof value === 'number' && value >= min && value <= max;

/** The members of an array; none for anything else. */
export const itemsOf = (value: CborValue | undefined): readonly CborValue[] => (isArray(value) ? value : []);
