/** Revocation lists as the backend reads them: what it takes a lock would take, and nothing that it is given makes it throw. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createReleaseToken, createRevocationList } from '#simulators/live-lock/root-statements.ts';
import { maxRevocations, readRevocationClaims } from '#kiosk/link/wire/revocation-list.ts';
import { makeCertificate } from '#support/certificate-maker.ts';
import {
  customerKey,
  intermediate,
  intermediateRequest,
  keyCalled,
  rootKey,
  rootName,
  worldSerial,
} from '#support/link-world.ts';
import { judgeList, readList } from './revocation-list.ts';

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const root = makeCertificate(
  intermediateRequest({ issuer: rootName, subject: rootName, publicKey: rootKey.publicKey }),
  rootKey,
);
const expectations = { root: base64(root), intermediate: base64(intermediate) };
const stranger = keyCalled('stranger');

const epochs = fc.oneof(fc.nat(30), fc.nat(0xffff), fc.nat(0x7fff_ffff));
const anyList = fc.record({
  version: epochs,
  minCustomerEpoch: epochs,
  locks: fc.array(
    fc.record({
      serialNumber: fc
        .uint8Array({ minLength: 8, maxLength: 8 })
        .map((bytes) => Buffer.from(bytes).toString('hex')),
      minKeyEpoch: epochs,
    }),
    { maxLength: maxRevocations },
  ),
});
type List = typeof anyList extends fc.Arbitrary<infer T> ? T : never;
const signed = (list: List, signer = rootKey, customer = customerKey): Uint8Array =>
  createRevocationList({ customerKey: customer.publicKey, ...list }, signer.sign);
const some: List = {
  version: 300,
  minCustomerEpoch: 2,
  locks: [{ serialNumber: worldSerial, minKeyEpoch: 70_000 }],
};

test('every list that the root signs is read as the kiosk reads it, and taken', () => {
  fc.assert(
    fc.property(anyList, (list) => {
      const bytes = signed(list);
      const claims = readRevocationClaims(bytes);
      expect(readList(base64(bytes))).toEqual({ ...claims, minCustomerEpoch: list.minCustomerEpoch });
      expect(judgeList(base64(bytes), expectations)).toBeNull();
    }),
    { numRuns: 50 },
  );
});

test('a list of somebody else, or for somebody else, is refused', () => {
  expect(judgeList(base64(signed(some, customerKey)), expectations)).toBe('not_signed_by_root');
  expect(judgeList(base64(signed(some, rootKey, stranger)), expectations)).toBe('other_customer');
});

test('what is no list is refused, and whatever is changed in one', () => {
  const token = createReleaseToken(worldSerial, customerKey.publicKey, rootKey.sign);
  for (const odd of ['', 'AAAA', base64(token), base64(Uint8Array.of(...signed(some), 0))]) {
    expect([readList(odd), judgeList(odd, expectations)]).toEqual([null, 'malformed']);
  }
  const bytes = signed(some);
  for (let at = 0; at < bytes.length; at += 1) {
    expect(judgeList(base64(bytes.with(at, (bytes[at] ?? 0) ^ 1)), expectations)).not.toBeNull();
    expect(judgeList(base64(bytes.subarray(0, at)), expectations)).toBe('malformed');
  }
});
