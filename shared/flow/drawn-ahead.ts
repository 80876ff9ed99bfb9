const callsAtOnce = 128;

/**
 * Answers with `length` random bytes at each call, none of them twice. `randomBytes` is the system's: to ask it for each few takes a third
 * as long as sealing a row with them.
 */
export const drawnAhead = (
  randomBytes: (length: number) => Uint8Array,
  length: number,
): (() => Uint8Array) => {
  let drawn = new Uint8Array();
  let at = 0;
  return () => {
    if (at === drawn.length) {
      drawn = new Uint8Array(randomBytes(callsAtOnce * length));
      at = 0;
    }
    at += length;
    return drawn.subarray(at - length, at);
  };
};
