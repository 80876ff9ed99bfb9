/** Connection identifiers (RFC 9528, section 3.3): what stands for one byte, and what is too long or too short for one. */
import { expect, test } from 'vitest';
import { readConnectionId } from './messages.ts';

test.each([-24, -1, 0, 23])('the integer %i is one', (value) => {
  expect(readConnectionId(value)).toBe(value);
});

test.each([[], [0x18], [0x1f], [0x38], [0xff], [0, 0], new Array<number>(16).fill(7)])(
  'the bytes %j are one',
  (...bytes) => {
    expect(readConnectionId(Uint8Array.from(bytes))).toEqual(Uint8Array.from(bytes));
  },
);

test.each([-25, 24, 'text', null, undefined, true])('%s is none', (value) => {
  expect(() => readConnectionId(value)).toThrow(/^malformed/);
});

test.each([0x00, 0x17, 0x20, 0x37])('the byte %i has to be written as an integer', (byte) => {
  expect(() => readConnectionId(Uint8Array.of(byte))).toThrow(/^malformed/);
});

test('seventeen bytes are too many', () => {
  expect(() => readConnectionId(new Uint8Array(17))).toThrow(/^malformed/);
});
