/**
 * Messages cut into frames for GATT, and put together again. A frame is one header byte (bit 7: last of its message,
 * bits 0 to 6: sequence number) and at least one byte of the message. The number counts the frames of one direction of
 * one connection, from 0, modulo 128, across messages: so a lost, repeated or reordered frame shows at once.
 */
import { concatBytes, copyBytes } from './bytes.ts';
import { LinkError } from './link-error.ts';

/** The longest message, in bytes. */
export const maxMessage = 2048;
/** What every ATT connection carries (MTU 23), and the longest that one attribute value may have, in bytes. */
export const minFrame = 20;
export const maxFrame = 512;

const lastFlag = 0x80;
const sequenceMask = 0x7f;

export interface Fragmenter {
  /** The frames of one message, in order. Throws RangeError for an empty or too long message: the sender's mistake. */
  readonly fragment: (message: Uint8Array) => Uint8Array[];
  /** From the next message on. Throws RangeError as `createFragmenter` does. */
  readonly resize: (frameSize: number) => void;
}

const checked = (frameSize: number): number => {
  if (!Number.isInteger(frameSize) || frameSize < minFrame || frameSize > maxFrame) {
    throw new RangeError(`frame size ${frameSize}`);
  }
  return frameSize;
};

/** One per direction and connection. `firstSize`: bytes of a whole frame, 20 to 512. */
export const createFragmenter = (firstSize: number): Fragmenter => {
  let frameSize = checked(firstSize);
  let sequence = 0;
  const fragment = (message: Uint8Array): Uint8Array[] => {
    if (message.length === 0 || message.length > maxMessage)
      throw new RangeError(`message of ${message.length}`);
    const frames: Uint8Array[] = [];
    for (let offset = 0; offset < message.length; offset += frameSize - 1) {
      const piece = message.subarray(offset, offset + frameSize - 1);
      const last = offset + piece.length === message.length;
      frames.push(concatBytes([Uint8Array.of((last ? lastFlag : 0) | sequence), piece]));
      sequence = (sequence + 1) & sequenceMask;
    }
    return frames;
  };
  return {
    fragment,
    resize: (next) => {
      frameSize = checked(next);
    },
  };
};

export interface Reassembler {
  /** The message that this frame completes, or null. Throws LinkError `bad_frame`; then the connection has to end. */
  readonly push: (frame: Uint8Array) => Uint8Array | null;
}

/** One per direction and connection. Holds at most `maxMessage` bytes. */
export const createReassembler = (): Reassembler => {
  let expected = 0;
  let length = 0;
  let pieces: Uint8Array[] = [];
  let broken = false;
  const refuse = (detail: string): never => {
    broken = true;
    pieces = [];
    throw new LinkError('bad_frame', detail);
  };
  const push = (frame: Uint8Array): Uint8Array | null => {
    if (broken) return refuse('after an error');
    const header = frame[0];
    if (header === undefined || frame.length < 2 || frame.length > maxFrame) return refuse('length');
    if ((header & sequenceMask) !== expected) return refuse('sequence number');
    length += frame.length - 1;
    if (length > maxMessage) return refuse('message too long');
    expected = (expected + 1) & sequenceMask;
    pieces.push(copyBytes(frame, 1));
    if ((header & lastFlag) === 0) return null;
    const message = concatBytes(pieces);
    pieces = [];
    length = 0;
    return message;
  };
  return { push };
};
