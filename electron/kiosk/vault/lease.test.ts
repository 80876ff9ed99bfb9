import { expect, it } from 'vitest';
import { owner, storeRow, trustRow } from '#support/kiosk-rows.ts';
import { chooseIntermediate, leaseUntil, opensOfflineUntil } from './lease.ts';

const now = Date.UTC(2026, 0, 5);
it('a lease lasts as long after the last contact as the policy says, and without either there is none', () => {
  const hour = 3_600_000;
  expect(leaseUntil(storeRow({ offlineLeaseHours: 168 }), now)).toBe(now + 7 * 24 * hour);
  expect(leaseUntil(storeRow({ offlineLeaseHours: 1 }), now)).toBe(now + hour);
  expect(leaseUntil(null, now)).toBeNull();
  expect(leaseUntil(storeRow(), null)).toBeNull();
});

it('an intermediate counts from its first to before its last instant, and of several the one that lasts longest', () => {
  const one = trustRow(now, { notBefore: now, notAfter: now + 10 });
  const at = (time: number) => chooseIntermediate([one], owner, time);
  expect([at(now), at(now + 9)]).toEqual([
    { kind: 'valid', document: one, earlier: null },
    { kind: 'valid', document: one, earlier: null },
  ]);
  expect(at(now - 1)).toEqual({ kind: 'missing' });
  expect(at(now + 10)).toEqual({ kind: 'expired', expiredAt: now + 10 });
  const longer = trustRow(now, { trustId: 'longer', notBefore: now, notAfter: now + 20 });
  expect(chooseIntermediate([one, longer], owner, now)).toEqual({
    kind: 'valid',
    document: longer,
    earlier: null,
  });
  const before = trustRow(now, { trustId: 'before', notBefore: now - 10, notAfter: now + 5 });
  expect(chooseIntermediate([one, longer, before], owner, now)).toMatchObject({
    document: longer,
    earlier: before,
  });
  expect(chooseIntermediate([longer, one], owner, now + 30)).toEqual({
    kind: 'expired',
    expiredAt: now + 20,
  });
  expect(chooseIntermediate([longer], 'another owner', now)).toEqual({ kind: 'missing' });
});

it('without contact locks open until the lease or the intermediate ends, whichever is first', () => {
  const valid = chooseIntermediate([trustRow(now, { notAfter: now + 10 })], owner, now);
  expect(opensOfflineUntil(now + 5, valid)).toBe(now + 5);
  expect(opensOfflineUntil(now + 50, valid)).toBe(now + 10);
  expect(opensOfflineUntil(null, valid)).toBeNull();
  expect(opensOfflineUntil(now + 5, { kind: 'missing' })).toBeNull();
});
