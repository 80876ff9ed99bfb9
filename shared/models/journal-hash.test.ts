import { expect, test } from 'vitest';
import fc from 'fast-check';
import { canonicalJson, firstPreviousHash, journalHashInput } from './journal-hash.ts';

const json = fc
  .jsonValue({ noUnicodeString: false })
  .filter((value) => !JSON.stringify(value).includes('-0'));

/** The same value with the keys of each object the other way round. */
const turned = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(turned);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).reverse();
  return Object.fromEntries(members.map(([key, item]): [string, unknown] => [key, turned(item)]));
};

test('keys stand in code-unit order (RFC 8785, section 3.2.3)', () => {
  const keys = ['\u20ac', '\r', '\ufb33', '1', '\ud83d\ude00', '\u0080', '\u00f6'];
  const text = canonicalJson(Object.fromEntries(keys.map((key) => [key, null])));
  expect(text).toBe(
    `{${['\r', '1', '\u0080', '\u00f6', '\u20ac', '\ud83d\ude00', '\ufb33'].map((key) => `${JSON.stringify(key)}:null`).join()}}`,
  );
  // An object lists whole numbers first, and by their size.
  expect(canonicalJson({ b: 1, 9: 2, 10: 3 })).toBe('{"10":3,"9":2,"b":1}');
});

test('what a member has not got is left out, everything else is kept', () => {
  expect(canonicalJson({ b: undefined, a: [null, true, { d: undefined, c: 'ä"' }] })).toBe(
    '{"a":[null,true,{"c":"ä\\""}]}',
  );
  fc.assert(
    fc.property(json, (value) => {
      expect(JSON.parse(canonicalJson(value as null))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test('names that an object does not keep in their place are, however deep', () => {
  const value: unknown = JSON.parse(
    '{"b":[{"__proto__":{"y":1},"a":2}],"a":{"10":1,"9":2,"c":{"b":3,"a":4}}}',
  );
  expect(canonicalJson(value as null)).toBe(
    '{"a":{"10":1,"9":2,"c":{"a":4,"b":3}},"b":[{"__proto__":{"y":1},"a":2}]}',
  );
});

test('one value has one text, in whatever order its keys were set', () => {
  fc.assert(
    fc.property(json, (value) => {
      expect(canonicalJson(turned(value) as null)).toBe(canonicalJson(value as null));
    }),
  );
});

test('an event is hashed as the hash before it, then its other fields', () => {
  const text = journalHashInput({
    eventId: '6b1d3f6e-3c1c-4c54-9a55-1b0f4c7f5c01',
    kioskId: '6b1d3f6e-3c1c-4c54-9a55-1b0f4c7f5c02',
    sequence: 1,
    at: 1_700_000_000_000,
    kind: 'unlocked',
    staffId: null,
    serialNumber: '00000000000000aa',
    attemptId: null,
    errorCode: null,
    offline: true,
    stageMs: { find: 0, connect: 180 },
    previousHash: firstPreviousHash,
  });
  expect(text).toBe(
    `${firstPreviousHash}{"at":1700000000000,"attemptId":null,"errorCode":null,` +
      '"eventId":"6b1d3f6e-3c1c-4c54-9a55-1b0f4c7f5c01","kind":"unlocked",' +
      '"kioskId":"6b1d3f6e-3c1c-4c54-9a55-1b0f4c7f5c02","offline":true,"sequence":1,' +
      '"serialNumber":"00000000000000aa","staffId":null,"stageMs":{"connect":180,"find":0}}',
  );
});
