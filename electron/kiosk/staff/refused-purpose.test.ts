/** What somebody was refused is told as what they tried: not all of it is a sign-in. */
import { expect, test } from 'vitest';
import { createBadgesOnBench } from '#support/badge-bench.ts';
import { createKioskBench } from '#support/kiosk-bench.ts';
import { ids, staffRow } from '#support/kiosk-rows.ts';
import { createLeaving } from './leaving.ts';
import { createStaffService, type StaffService } from './staff-service.ts';

const wrong = { pin: '0000' };
const bobs = { staffId: ids.bob, ...wrong };
const there = new AbortController().signal;

const open = async () => {
  const { data, journal, judge, clock, logger } = createKioskBench();
  data.staff$.next([
    { ...staffRow(ids.ann, 'Ann', '4711'), roles: ['manager'] },
    { ...staffRow(ids.bob, 'Bob', '0815'), roles: ['manager'] },
  ]);
  const staff = await createStaffService({
    staff$: data.staff$,
    store$: data.store$,
    badges: createBadgesOnBench(data, journal),
    judge,
    notes: data,
    journal,
    clock,
    logger,
  });
  const leaving = createLeaving({ staff, judge, journal, clock, end: () => undefined });
  return { data, staff, leave: () => leaving.leave(ids.ann, wrong, there) };
};

test.each<
  [
    string,
    string | undefined,
    (on: { staff: StaffService; leave: () => Promise<unknown> }) => Promise<unknown>,
  ]
>([
  ['to sign in', undefined, ({ staff }) => staff.signIn(ids.bob, wrong.pin)],
  ['for what a lock asks for', 'opening', ({ staff }) => staff.prove(wrong)],
  ['to confirm what another opens', 'second_person', ({ staff }) => staff.confirm(bobs, 'second_person')],
  ['to let somebody in again', 'lift_pause', ({ staff }) => staff.liftPause(ids.ann, bobs)],
  ['to leave the kiosk', 'leave', ({ leave }) => leave()],
])('a wrong PIN %s', async (_what, purpose, attempt) => {
  const { data, ...on } = await open();
  await on.staff.signIn(ids.ann, '4711');
  await attempt(on);
  const told = { kind: data.events.at(-1)?.kind, errorCode: data.events.at(-1)?.errorCode };
  expect(told).toEqual({ kind: 'sign_in_refused', errorCode: 'staff.wrong_pin' });
  expect(data.events.at(-1)?.purpose).toBe(purpose);
});
