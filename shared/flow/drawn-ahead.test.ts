import { expect, test } from 'vitest';
import { drawnAhead } from './drawn-ahead.ts';

test('a thousand nonces are a thousand different ones, and eight questions to the system', () => {
  const asked: number[] = [];
  let next = 0;
  // Numbers that go up in place of random bytes: none comes twice.
  const draw = drawnAhead((length) => {
    asked.push(length);
    const bytes = new Uint8Array(length);
    const view = new DataView(bytes.buffer);
    for (let at = 0; at < length; at += 4) view.setUint32(at, next++);
    return bytes;
  }, 12);
  const drawn = Array.from({ length: 1_000 }, () => draw().join());
  expect(new Set(drawn).size).toBe(1_000);
  expect(drawn.every((nonce) => nonce.split(',').length === 12)).toBe(true);
  expect(asked).toEqual(Array.from({ length: 8 }, () => 12 * 128));
});
