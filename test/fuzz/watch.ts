/** What the fuzzing thread shares with whoever watches it: the input in hand, so that one that never ends can be named. */

const counter = 0;
const targetIndex = 1;
const lengthIndex = 2;
const headerBytes = 12;
const mostBytes = 4096;

export interface InputInHand {
  /** How many inputs there were before. */
  readonly count: number;
  readonly target: number;
  readonly bytes: Uint8Array;
}

export const createWatched = (): SharedArrayBuffer => new SharedArrayBuffer(headerBytes + mostBytes);

export const announce = (watched: SharedArrayBuffer, target: number, bytes: Uint8Array): void => {
  const header = new Int32Array(watched, 0, 3);
  new Uint8Array(watched, headerBytes).set(bytes);
  Atomics.store(header, targetIndex, target);
  Atomics.store(header, lengthIndex, bytes.length);
  Atomics.add(header, counter, 1);
};

export const inHand = (watched: SharedArrayBuffer): InputInHand => {
  const header = new Int32Array(watched, 0, 3);
  const length = Atomics.load(header, lengthIndex);
  return {
    count: Atomics.load(header, counter),
    target: Atomics.load(header, targetIndex),
    bytes: Uint8Array.from(new Uint8Array(watched, headerBytes, length)),
  };
};
