import { describe, expect, test, vi } from 'vitest';
import { fail, ok } from '#shared/errors/app-error.ts';
import { createRightsBench, pins } from '#support/rights-bench.ts';
import { ids } from '#support/kiosk-rows.ts';
import { seesHealth } from '../views/kiosk-view.ts';
import { createLeaving } from './leaving.ts';

const there = new AbortController().signal;

const open = async (canLeave = true) => {
  const bench = await createRightsBench({ ann: { roles: ['manager'] }, bob: { roles: ['lead'] } });
  const { staff, judge, journal, clock, data } = bench;
  await staff.signIn(ids.ann, pins.ann);
  const end = vi.fn();
  const leaving = createLeaving({ staff, judge, journal, clock, end: canLeave ? end : null });
  const left = () => data.events.filter(({ kind }) => kind === 'kiosk_left');
  return { ...bench, leaving, end, left };
};

describe('leaving the kiosk', () => {
  test('is on the disk before the host ends, by whoever proved who they are, and they are signed out', async () => {
    const { leaving, end, left, clock, staff } = await open();
    expect(await leaving.leave(ids.ann, { pin: pins.ann }, there)).toEqual(ok(null));
    expect(left()).toMatchObject([{ staffId: ids.ann, method: 'pin' }]);
    expect(staff.requireSession().ok).toBe(false);
    expect(end).not.toHaveBeenCalled();
    await clock.advance(500);
    expect(end).toHaveBeenCalledOnce();
  });

  test('takes a PIN that is right, counted as any', async () => {
    const { leaving, end, left, clock, data } = await open();
    expect(await leaving.leave(ids.ann, { pin: '1234' }, there)).toMatchObject({
      ok: false,
      error: { code: 'staff.wrong_pin' },
    });
    await clock.advance(500);
    expect([left(), end.mock.calls]).toEqual([[], []]);
    expect(data.events.at(-1)).toMatchObject({ kind: 'sign_in_refused', staffId: ids.ann });
  });

  test('is nothing that somebody else’s badge does', async () => {
    const { staff, judge, journal, clock } = await open();
    const end = vi.fn();
    const approver = { staffId: ids.bob, method: 'badge' as const };
    const confirm = () => Promise.resolve(ok({ approver, holds: () => true }));
    const leaving = createLeaving({ staff: { ...staff, confirm }, judge, journal, clock, end });
    expect(await leaving.leave(ids.ann, { read: '04A1B2C3' }, there)).toEqual(fail('badge.not_yours'));
    await clock.advance(500);
    expect(end).not.toHaveBeenCalled();
  });

  test('has not happened where the disk takes nothing', async () => {
    const { staff, judge, clock, end, journal, data } = await open();
    const recordNow = () => Promise.resolve(fail('storage.disk_full'));
    const leaving = createLeaving({ staff, judge, clock, end, journal: { ...journal, recordNow } });
    expect(await leaving.leave(ids.ann, { pin: pins.ann }, there)).toEqual(fail('storage.disk_full'));
    await clock.advance(500);
    expect(end).not.toHaveBeenCalled();
    expect(staff.requireSession().ok).toBe(true);
    // Told, as by any PIN: whoever was forced is heard of all the same.
    expect(data.events.at(-1)).toMatchObject({
      kind: 'sign_in_refused',
      staffId: ids.ann,
      errorCode: 'storage.disk_full',
    });
  });

  test('is nothing once they are signed out, or may not any more, while it is proved', async () => {
    const { staff, leaving, data, end, clock } = await open();
    const signedOut = new AbortController();
    signedOut.abort();
    const refused = await leaving.leave(ids.ann, { pin: pins.ann }, signedOut.signal);
    expect(refused).toEqual(fail('staff.not_signed_in'));
    const proving = leaving.leave(ids.ann, { pin: pins.ann }, there);
    data.staff$.next(data.staff$.value.map((one) => ({ ...one, roles: ['associate'] })));
    expect(await proving).toMatchObject({ ok: false, error: { code: 'rights.not_permitted' } });
    await clock.advance(500);
    expect(end).not.toHaveBeenCalled();
    expect(staff.requireSession().ok).toBe(true);
  });

  test('is refused by a host that has nothing to leave to, whatever is proved', async () => {
    const { leaving, left } = await open(false);
    expect(await leaving.leave(ids.ann, { pin: pins.ann }, there)).toEqual(fail('kiosk.cannot_leave'));
    expect(left()).toEqual([]);
  });
});

describe('Health is seen', () => {
  test.each([
    ['manager', true],
    ['lead', true],
    ['back_office', true],
    ['associate', false],
    ['auditor', false],
  ])('by a %s: %s', async (role, sees) => {
    const { judge, data } = await createRightsBench({ ann: { roles: [role] } });
    expect(seesHealth(judge, 'ready', data.staff$.value, { staffId: ids.ann })).toBe(sees);
  });

  test('by whoever comes by where all may, or where nobody can sign in yet', async () => {
    const { judge, data } = await createRightsBench({ bob: { roles: ['lead'] } });
    const staff = data.staff$.value;
    expect(seesHealth(judge, 'ready', staff, null)).toBe(false);
    expect(seesHealth(judge, 'unregistered', staff, null)).toBe(true);
    data.staff$.next(staff.map(({ roles: _, ...person }) => person));
    expect(seesHealth(judge, 'ready', data.staff$.value, null)).toBe(true);
  });
});
