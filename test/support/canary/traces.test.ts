import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { secretText, tracesIn } from './traces.ts';

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

test.each<[string, (bytes: Buffer) => string]>([
  ['the JSON of a Buffer', (bytes) => JSON.stringify(bytes)],
  ['the JSON of an array of bytes', (bytes) => JSON.stringify(new Uint8Array(bytes))],
  ['JSON on many lines', (bytes) => JSON.stringify([...bytes], null, 2)],
  ['JSON in a text of JSON', (bytes) => JSON.stringify(JSON.stringify(new Uint8Array(bytes)))],
  ['what Node prints of a Buffer', (bytes) => inspect(bytes)],
  ['what Node prints of an array of bytes', (bytes) => inspect(new Uint8Array(bytes))],
  ['a fingerprint', (bytes) => bytes.toString('hex').match(/../g)?.join(':') ?? ''],
])('a secret is found byte by byte, as in %s, wherever it lies', (_where, write) => {
  for (const before of [0, 1, 5]) {
    const content = write(Buffer.concat([randomBytes(before), secret.bytes, randomBytes(before)]));
    expect(tracesIn(Buffer.from(`a line: ${content}.`), [secret])).toEqual(['key']);
  }
});

test('a PIN is found byte by byte, and in no longer number', () => {
  const pin = secretText('PIN', '73920164');
  expect(tracesIn(Buffer.from(JSON.stringify(pin.bytes)), [pin])).toEqual(['PIN']);
  expect(tracesIn(Buffer.from('155,51,57,50,48,49,54,52'), [pin])).toEqual([]);
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
