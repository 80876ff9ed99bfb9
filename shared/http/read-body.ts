/**
 * The bytes of an answer, unpacked, in their pieces; null where they are more than `mostBytes`: then the rest is not read. Rejects
 * as the body does, where it is cut off.
 */
export const readBody = async (
  body: AsyncIterable<Uint8Array> | null,
  mostBytes: number,
): Promise<readonly Uint8Array[] | null> => {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of body ?? []) {
    bytes += piece.byteLength;
    if (bytes > mostBytes) return null;
    pieces.push(piece);
  }
  return pieces;
};
