/** How records are numbered, and how many a direction has. The cipher is left out, so that counting to the end takes no time. */
import { expect, test, vi } from 'vitest';
import { concatBytes } from './bytes.ts';
import { createRecords } from './records.ts';

vi.mock('./edhoc/aes-ccm.ts', () => ({
  keyLength: 16,
  nonceLength: 13,
  sealCcm: (_key: Uint8Array, nonce: Uint8Array) => nonce,
  openCcm: (_key: Uint8Array, nonce: Uint8Array) => nonce,
}));

const iv = Uint8Array.from({ length: 13 }, (_, index) => 0xf3 + index);
const nothing = new Uint8Array();
const numbered = (number: number): Uint8Array => {
  const last = Buffer.alloc(4);
  last.writeUInt32BE((Buffer.from(iv).readUInt32BE(9) ^ number) >>> 0);
  return concatBytes([iv.subarray(0, 9), last]);
};

test.each(['seal', 'open'] as const)('what is to %s is numbered from 0 to 65,535, and no further', (way) => {
  const records = createRecords(() => iv, 'kiosk');
  const nonces = Array.from({ length: 0x1_0000 }, () => records[way](nothing));
  for (const number of [0, 1, 255, 256, 0xfffe, 0xffff]) expect(nonces[number]).toEqual(numbered(number));
  expect(new Set(nonces.map((nonce) => Buffer.from(nonce).toString('hex'))).size).toBe(0x1_0000);
  expect(() => records[way](nothing)).toThrow(/^bad_record: too many/);
  expect(() => records[way](nothing)).toThrow(/^bad_record: too many/);
});

test('each direction has numbers of its own', () => {
  const records = createRecords(() => iv, 'lock');
  records.seal(nothing);
  expect(records.open(nothing)).toEqual(numbered(0));
  expect(records.seal(nothing)).toEqual(numbered(1));
});
