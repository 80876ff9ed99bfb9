import { expect, test } from 'vitest';
import { maxRevocations } from '#kiosk/link/wire/revocation-list.ts';
import type { RevocationEntry } from './registry.ts';
import { partsOf } from './revocations.ts';

const owner = 'acme';
const serialOf = (index: number): string => index.toString(16).padStart(16, '0');
const revoked = (from: number, count: number, minEpoch = 2): RevocationEntry[] =>
  Array.from({ length: count }, (_, index) => ({ owner, serialNumber: serialOf(from + index), minEpoch }));
const raised = (minEpoch: number): RevocationEntry => ({ owner, serialNumber: null, minEpoch });
const versions = (entries: readonly RevocationEntry[]) => partsOf(entries).map(({ version }) => version);

test('one part holds as many locks as a list can name, and the next begins another', () => {
  expect(partsOf(revoked(0, maxRevocations)).map(({ locks }) => locks.length)).toEqual([maxRevocations]);
  const parts = partsOf(revoked(0, 2 * maxRevocations + 1));
  expect(parts.map(({ locks }) => locks.length)).toEqual([maxRevocations, maxRevocations, 1]);
});

test('what is new has a version above all that there were, and a part that is full stays as it is', () => {
  const entries = revoked(0, maxRevocations + 1);
  expect(versions(entries)).toEqual([maxRevocations, maxRevocations + 1]);
  // Also where a lock of a full part is revoked once more.
  const more = partsOf([...entries, ...revoked(0, 1, 3)]);
  expect(more.map(({ version }) => version)).toEqual([maxRevocations, maxRevocations + 2]);
  expect(more[0]).toEqual(partsOf(entries)[0]);
  expect(more[1]?.locks).toContainEqual({ serialNumber: serialOf(0), minKeyEpoch: 3 });
});

test('what is revoked of the customer as a whole has all parts signed anew, in their order', () => {
  const entries = [...revoked(0, maxRevocations + 1), raised(5)];
  expect(partsOf(entries).map(({ minCustomerEpoch }) => minCustomerEpoch)).toEqual([5, 5]);
  expect(versions(entries)).toEqual([maxRevocations + 2, maxRevocations + 3]);
  expect(partsOf([raised(3)])).toEqual([{ version: 1, minCustomerEpoch: 3, locks: [] }]);
});
