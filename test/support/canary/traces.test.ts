import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { tracesIn } from './traces.ts';

const secret = { name: 'key', bytes: Buffer.from('00112233445566778899aabbccddeeff0123fb', 'hex') };

test.each<[string, (bytes: Buffer) => Buffer]>([
  ['as it is', (bytes) => bytes],
  ['in hex', (bytes) => Buffer.from(bytes.toString('hex'))],
  ['in upper-case hex', (bytes) => Buffer.from(bytes.toString('hex').toUpperCase())],
  ['in base64', (bytes) => Buffer.from(bytes.toString('base64'))],
  ['in base64url', (bytes) => Buffer.from(bytes.toString('base64url'))],
  ['in UTF-16', (bytes) => Buffer.from(bytes.toString('latin1'), 'utf16le')],
])('a secret is found %s, wherever it lies', (_how, encode) => {
  for (const before of [0, 1, 2, 3, 4, 5]) {
    const content = encode(Buffer.concat([randomBytes(before), secret.bytes, randomBytes(before)]));
    expect(tracesIn(Buffer.concat([randomBytes(7), content]), [secret])).toEqual(['key']);
  }
});

test.each(['base64', 'base64url'] as const)('a secret is found in the payload of a token, in %s', (inner) => {
  for (const before of ['', 'a', 'ab']) {
    const payload = JSON.stringify({ [before]: { d: secret.bytes.toString(inner) } });
    for (const outer of ['base64', 'base64url'] as const) {
      const token = `eyJ.${Buffer.from(payload).toString(outer)}.sig`;
      expect(tracesIn(Buffer.from(token), [secret])).toEqual(['key']);
    }
  }
});

test('nothing is found where there is nothing', () => {
  expect(tracesIn(randomBytes(100_000), [secret])).toEqual([]);
});
