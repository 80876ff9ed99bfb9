import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { concatBytes } from './bytes.ts';
import { createFragmenter, createReassembler, maxMessage } from './frames.ts';

const message = fc.uint8Array({ minLength: 1, maxLength: maxMessage }).map((raw) => Uint8Array.from(raw));
const frameSize = fc.integer({ min: 20, max: 512 });

/** Frames into messages, or the failure's name. */
const assemble = (frames: readonly Uint8Array[]): unknown => {
  const { push } = createReassembler();
  try {
    return frames.map(push).filter((complete) => complete !== null);
  } catch (error) {
    return error instanceof Error ? error.message.split(':')[0] : error;
  }
};

const framesOf = (length: number, size = 20): Uint8Array[] =>
  createFragmenter(size).fragment(new Uint8Array(length).fill(7));

describe('frames', () => {
  test('messages of any length come out as they went in, over any frame size', () => {
    fc.assert(
      fc.property(fc.array(message, { minLength: 1, maxLength: 4 }), frameSize, (messages, size) => {
        const { fragment } = createFragmenter(size);
        const frames = messages.flatMap(fragment);
        expect(frames.every((frame) => frame.length <= size && frame.length >= 2)).toBe(true);
        expect(assemble(frames)).toEqual(messages);
      }),
    );
  });

  test('the sequence number goes on across messages and wraps at 128', () => {
    const { fragment } = createFragmenter(20);
    const frames = [...fragment(new Uint8Array(2048)), ...fragment(new Uint8Array(2048))];
    expect(frames[0]?.[0]).toBe(0);
    expect(frames[107]?.[0]).toBe(107 | 0x80);
    expect(frames[128]?.[0]).toBe(0);
  });

  test.each<[string, (frames: Uint8Array[]) => Uint8Array[]]>([
    ['lost', (frames) => frames.toSpliced(1, 1)],
    ['repeated', (frames) => frames.toSpliced(1, 0, frames[1]!)],
    ['swapped', ([first, second, ...others]) => [second!, first!, ...others]],
    ['empty', (frames) => [new Uint8Array(), ...frames]],
    ['without a byte of the message', ([first, ...others]) => [first!.subarray(0, 1), ...others]],
    [
      'longer than an attribute',
      ([first, ...others]) => [concatBytes([first!, new Uint8Array(512)]), ...others],
    ],
  ])('a frame that is %s ends the connection', (_name, change) => {
    expect(assemble(change(framesOf(60)))).toBe('bad_frame');
  });

  test('a message beyond 2 KiB ends the connection before it is held', () => {
    const frame = (sequence: number): Uint8Array =>
      concatBytes([Uint8Array.of(sequence), new Uint8Array(511)]);
    expect(assemble([0, 1, 2, 3].map(frame))).toEqual([]);
    expect(assemble([0, 1, 2, 3, 4].map(frame))).toBe('bad_frame');
  });

  test('after an error every further frame is refused', () => {
    const { push } = createReassembler();
    expect(() => push(Uint8Array.of(5, 1))).toThrow('bad_frame');
    expect(() => push(Uint8Array.of(0x80, 1))).toThrow('bad_frame');
  });

  test('a frame may be overwritten once it was taken', () => {
    const { push } = createReassembler();
    const frame = Buffer.from([0, 1, 2]);
    push(frame);
    frame.fill(9);
    expect(push(Uint8Array.of(0x81, 3))).toEqual(Uint8Array.of(1, 2, 3));
  });

  test('random frames yield messages or one named error', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 30 }), { maxLength: 8 }), (frames) => {
        const outcome = assemble(frames.map((raw) => Uint8Array.from(raw)));
        expect(outcome === 'bad_frame' || Array.isArray(outcome)).toBe(true);
      }),
    );
  });

  test('nothing and too much are the sender’s mistakes', () => {
    const { fragment } = createFragmenter(20);
    expect(() => fragment(new Uint8Array())).toThrow(RangeError);
    expect(() => fragment(new Uint8Array(maxMessage + 1))).toThrow(RangeError);
    expect(() => createFragmenter(19)).toThrow(RangeError);
  });
});
