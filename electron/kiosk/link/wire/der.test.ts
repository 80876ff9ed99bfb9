import { describe, expect, test } from 'vitest';
import { fromHex } from './bytes.ts';
import { readDerItems, readDerNamedBits, readDerOid, readDerTime, readDerUint } from './der.ts';

const time = (tag: number, text: string): number => {
  const value = new TextEncoder().encode(text);
  return readDerTime({ tag, value, raw: value });
};
const [utc, generalized] = [0x17, 0x18];

describe('DER', () => {
  test.each([
    ['a long length for a short value', '0481010a'],
    ['a length with a leading zero', `048200ff${'00'.repeat(255)}`],
    ['an indefinite length', '3080'],
    ['a length of four bytes', '048400000001'],
    ['a value that ends early', '040201'],
    ['a tag of several bytes', '1f0100'],
    ['a tag alone', '04'],
  ])('%s is refused', (_name, hex) => {
    expect(() => readDerItems(fromHex(hex))).toThrow(/^malformed/);
  });

  test('integers have one form and a bound', () => {
    expect(['00', '7f', '0080', '7fffffff'].map((hex) => readDerUint(fromHex(hex)))).toEqual([
      0,
      127,
      128,
      2 ** 31 - 1,
    ]);
    for (const hex of ['', '80', '007f', '0080000000', '010000000000']) {
      expect(() => readDerUint(fromHex(hex)), hex).toThrow(/^malformed/);
    }
  });

  test('object identifiers', () => {
    expect(readDerOid(fromHex('2b0601040181fd59010102'))).toBe('1.3.6.1.4.1.32473.1.1.2');
    expect(readDerOid(fromHex('550405'))).toBe('2.5.4.5');
    for (const hex of ['', '2b80', '2b8001', '2bffffffff7f']) {
      expect(() => readDerOid(fromHex(hex)), hex).toThrow(/^malformed/);
    }
  });

  test('named bits end with the last one that is set', () => {
    expect(readDerNamedBits(fromHex('0780'))).toBe(1);
    expect(readDerNamedBits(fromHex('0204'))).toBe(1 << 5);
    expect(readDerNamedBits(fromHex('070080'))).toBe(1 << 8);
    for (const hex of ['', '00', '0080', '0781', '0880', '0004']) {
      expect(() => readDerNamedBits(fromHex(hex)), hex).toThrow(/^malformed/);
    }
  });

  test('times have the form of their century', () => {
    expect(time(utc, '260105090000Z')).toBe(Date.UTC(2026, 0, 5, 9));
    expect(time(utc, '500101000000Z')).toBe(Date.UTC(1950, 0, 1));
    expect(time(generalized, '99991231235959Z')).toBe(Date.UTC(9999, 11, 31, 23, 59, 59));
    const wrong: [number, string][] = [
      [generalized, '20260105090000Z'],
      [utc, '2601050900Z'],
      [utc, '260105090000+0100'],
      [utc, '260230090000Z'],
      [utc, '261305090000Z'],
      [0x0c, '260105090000Z'],
    ];
    for (const [tag, text] of wrong) expect(() => time(tag, text), text).toThrow(/^malformed/);
  });
});
