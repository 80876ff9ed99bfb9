import { expect, test } from 'vitest';
import { ids } from '#support/kiosk-rows.ts';
import { createRightsBench, pins } from '#support/rights-bench.ts';
import { ok } from '#shared/errors/app-error.ts';

test('a sign-in of a page that has gone meanwhile signs nobody in', async () => {
  const on = await createRightsBench();
  const page = new AbortController();
  const signingIn = on.staff.signIn(ids.ann, pins.ann, page.signal);
  page.abort();
  expect((await signingIn).ok).toBe(false);
  expect(on.staff.requireSession().ok).toBe(false);
  expect(on.data.events).toMatchObject([
    { kind: 'sign_in_refused', staffId: ids.ann, errorCode: 'staff.unknown' },
  ]);
  expect(await on.staff.signIn(ids.ann, pins.ann)).toEqual(ok(null));
});
