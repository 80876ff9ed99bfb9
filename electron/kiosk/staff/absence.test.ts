/** Whose time at the store has not begun or is over: who can't sign in, and who is signed out. */
import { firstValueFrom } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { ids } from '#support/kiosk-rows.ts';
import { createRightsBench, pins, rightsOf } from '#support/rights-bench.ts';
import { fail, ok } from '#shared/errors/app-error.ts';

const rights = rightsOf([]);
const lead = { roles: ['lead'] };
const midnight = Date.UTC(2026, 0, 6);

describe('who cannot be here', () => {
  test('is told so by the right PIN alone: a stranger learns nothing of anybody’s dates', async () => {
    const { staff, data } = await createRightsBench({
      rights,
      ann: { ...lead, from: '2026-01-06' },
      bob: { ...lead, until: '2026-01-04' },
    });
    for (const staffId of [ids.ann, ids.bob])
      expect(await staff.signIn(staffId, '0000')).toEqual(fail('staff.wrong_pin', { attemptsLeft: 4 }));
    expect(await staff.signIn(ids.ann, pins.ann)).toEqual(fail('staff.not_yet', { fromAt: midnight }));
    expect(await staff.signIn(ids.bob, pins.bob)).toEqual(fail('staff.ended'));
    expect(await firstValueFrom(staff.session$)).toBeNull();
    expect(data.events.map(({ kind, errorCode }) => [kind, errorCode]).slice(2)).toEqual([
      ['sign_in_refused', 'staff.not_yet'],
      ['sign_in_refused', 'staff.ended'],
    ]);
  });

  test('nor who may do nothing at all, nor whose dates this kiosk cannot place', async () => {
    const { staff, set } = await createRightsBench({ rights, ann: { roles: ['astronaut'] } });
    expect(await staff.signIn(ids.ann, pins.ann)).toEqual(fail('rights.not_permitted'));
    set({ rights: rightsOf([], { timeZone: 'Mars/Olympus' }), ann: { ...lead, until: '2026-12-31' } });
    expect(await staff.signIn(ids.ann, pins.ann)).toEqual(fail('rights.not_understood'));
  });

  test('their first and last days are whole days on the wall of the store', async () => {
    const { staff, clock } = await createRightsBench({
      rights,
      ann: { ...lead, from: '2026-01-06', until: '2026-01-06' },
    });
    await clock.advance(midnight - 1 - clock.now());
    expect(await staff.signIn(ids.ann, pins.ann)).toMatchObject({ error: { code: 'staff.not_yet' } });
    await clock.advance(1);
    expect(await staff.signIn(ids.ann, pins.ann)).toEqual(ok(null));
    await clock.advance(24 * 3_600_000 - 1);
    expect(await staff.signIn(ids.ann, pins.ann)).toEqual(ok(null));
    await clock.advance(1);
    expect(await firstValueFrom(staff.session$)).toBeNull();
    expect(await staff.signIn(ids.ann, pins.ann)).toEqual(fail('staff.ended'));
  });
});

describe('a session', () => {
  test('ends when the person’s time does, with its event, though nothing is touched or pulled', async () => {
    const { staff, clock, data } = await createRightsBench({
      rights,
      ann: { ...lead, until: '2026-01-05' },
    });
    await clock.advance(midnight - 20_000 - clock.now());
    expect(await staff.signIn(ids.ann, pins.ann)).toEqual(ok(null));
    await clock.advance(19_999);
    expect(await firstValueFrom(staff.session$)).toMatchObject({ staffId: ids.ann });
    await clock.advance(1);
    expect(await firstValueFrom(staff.session$)).toBeNull();
    expect(await firstValueFrom(staff.idledOut$)).toBeNull();
    expect(data.events.map(({ kind }) => kind)).toEqual(['signed_in', 'signed_out']);
  });

  test('ends when the back office takes every permission, and stays when it changes them', async () => {
    const { staff, set, data, judge } = await createRightsBench({ rights, ann: lead });
    await staff.signIn(ids.ann, pins.ann);
    set({ rights, ann: { roles: ['associate'] } });
    expect(await firstValueFrom(staff.session$)).toMatchObject({ staffId: ids.ann });
    expect(judge.permissions(ids.ann)).toEqual(['open', 'identify']);
    set({ rights, ann: { roles: [] } });
    expect(await firstValueFrom(staff.session$)).toBeNull();
    await new Promise((resolve) => setImmediate(resolve));
    expect(data.events.map(({ kind }) => kind)).toEqual(['signed_in', 'signed_out']);
  });
});
