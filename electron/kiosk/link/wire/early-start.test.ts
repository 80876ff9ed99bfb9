import { expect, it } from 'vitest';
import { encodeEarlyStart } from '../lock/early-start.ts';
import { readEarlyStart } from './early-start.ts';

it('reads what a lock says of its frames', () => {
  for (const size of [20, 185, 244, 256, 512]) expect(readEarlyStart(encodeEarlyStart(size))).toBe(size);
});

it('takes nothing else for an offer', () => {
  for (const value of [undefined, null, [], [20], [0, 19], [2, 1], [0xff, 0xff], [0, 20, 0]])
    expect(readEarlyStart(Array.isArray(value) ? Uint8Array.from(value) : value)).toBeNull();
});
