/**
 * The CBOR that the link speaks: the core deterministic encoding (RFC 8949, section 4.2.1) of integers that fit a double,
 * byte strings, text strings, arrays, maps, booleans and null. No tags, no floats, nothing of indefinite length.
 */
export type CborValue = number | string | boolean | null | Uint8Array | readonly CborValue[] | CborMap;

export type CborMap = ReadonlyMap<number | string, CborValue>;

/** Arrays and maps nested in one another, counted from 1 for the outermost. */
export const maxDepth = 8;
