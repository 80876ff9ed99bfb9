/** A reader that sends twice what was held to it once is not somebody who holds it twice. */
import { expect, test } from 'vitest';
import { hashOf } from '#support/badge-bench.ts';
import { ids } from '#support/kiosk-rows.ts';
import { createRightsBench, rightsOf } from '#support/rights-bench.ts';
import { sameReadMs } from '#shared/badges/same-read.ts';
import { fail, ok } from '#shared/errors/app-error.ts';
import { mostUnknown } from './badge-proof.ts';

const annsBadge = '04A1B2C3';
const begin = async (blocked: boolean) => {
  const on = await createRightsBench({ rights: rightsOf([]) });
  const badges = [{ hash: hashOf(annsBadge), ...(blocked ? { blocked } : {}) }];
  const staff = on.data.staff$.value;
  on.data.staff$.next(staff.map((one) => (one.staffId === ids.ann ? { ...one, badges } : one)));
  return { on, present: (read: string) => on.calls.signInByBadge({ read }, on.context) };
};

test.each([
  ['that nobody knows', '990011'],
  ['that is blocked', annsBadge],
])(
  '%s is told once where the reader sends it twice, and again once it is held again',
  async (_what, read) => {
    const { on, present } = await begin(true);
    const first = await present(read);
    await on.clock.advance(sameReadMs - 1);
    expect(await present(read)).toEqual(first);
    expect(on.data.events).toHaveLength(1);
    // Another one between them is another event, and so is the same a second after it was told.
    expect(await present('880022')).toEqual(fail('badge.unknown'));
    await on.clock.advance(sameReadMs);
    expect(await present(read)).toEqual(first);
    expect(on.data.events.map(({ kind }) => kind)).toEqual(Array(3).fill('sign_in_refused'));
  },
);

test('that nobody knows counts once towards the pause where the reader sends it twice', async () => {
  const { present } = await begin(false);
  for (let tries = 1; tries < mostUnknown; tries += 1)
    for (let sent = 0; sent < 2; sent += 1) await present(`9900${tries}`);
  expect(await present(annsBadge)).toEqual(ok(null));
});
