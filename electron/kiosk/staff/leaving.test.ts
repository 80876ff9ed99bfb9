import { describe, expect, test, vi } from 'vitest';
import { fail, ok } from '#shared/errors/app-error.ts';
import { createRightsBench, pins } from '#support/rights-bench.ts';
import { ids } from '#support/kiosk-rows.ts';
import { seesHealth } from '../views/kiosk-view.ts';
import { createLeaving } from './leaving.ts';

const open = async (canLeave = true) => {
  const bench = await createRightsBench({ ann: { roles: ['manager'] }, bob: { roles: ['lead'] } });
  const { staff, journal, clock, data } = bench;
  await staff.signIn(ids.ann, pins.ann);
  const end = vi.fn();
  const leaving = createLeaving({ staff, journal, clock, end: canLeave ? end : null });
  const left = () => data.events.filter(({ kind }) => kind === 'kiosk_left');
  return { ...bench, leaving, end, left };
};

describe('leaving the kiosk', () => {
  test('is on the disk before the host ends, by whoever proved who they are, and they are signed out', async () => {
    const { leaving, end, left, clock, staff } = await open();
    expect(await leaving.leave(ids.ann, { pin: pins.ann })).toEqual(ok(null));
    expect(left()).toMatchObject([{ staffId: ids.ann, method: 'pin' }]);
    expect(staff.requireSession().ok).toBe(false);
    expect(end).not.toHaveBeenCalled();
    await clock.advance(500);
    expect(end).toHaveBeenCalledOnce();
  });

  test('takes a PIN that is right, counted as any', async () => {
    const { leaving, end, left, clock, data } = await open();
    expect(await leaving.leave(ids.ann, { pin: '1234' })).toMatchObject({
      ok: false,
      error: { code: 'staff.wrong_pin' },
    });
    await clock.advance(500);
    expect([left(), end.mock.calls]).toEqual([[], []]);
    expect(data.events.at(-1)).toMatchObject({ kind: 'sign_in_refused', staffId: ids.ann });
  });

  test('is nothing that somebody else’s badge does', async () => {
    const { staff, journal, clock } = await open();
    const end = vi.fn();
    const approver = { staffId: ids.bob, method: 'badge' as const };
    const confirm = () => Promise.resolve(ok({ approver, holds: () => true }));
    const leaving = createLeaving({ staff: { ...staff, confirm }, journal, clock, end });
    expect(await leaving.leave(ids.ann, { read: '04A1B2C3' })).toEqual(fail('badge.not_yours'));
    await clock.advance(500);
    expect(end).not.toHaveBeenCalled();
  });

  test('has not happened where the disk takes nothing', async () => {
    const { staff, clock, end, journal } = await open();
    const recordNow = () => Promise.resolve(fail('storage.disk_full'));
    const leaving = createLeaving({ staff, clock, end, journal: { ...journal, recordNow } });
    expect(await leaving.leave(ids.ann, { pin: pins.ann })).toEqual(fail('storage.disk_full'));
    await clock.advance(500);
    expect(end).not.toHaveBeenCalled();
    expect(staff.requireSession().ok).toBe(true);
  });

  test('is refused by a host that has nothing to leave to, whatever is proved', async () => {
    const { leaving, left } = await open(false);
    expect(await leaving.leave(ids.ann, { pin: pins.ann })).toEqual(fail('kiosk.cannot_leave'));
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
