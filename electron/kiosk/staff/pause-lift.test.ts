/** Somebody is paused after wrong PINs, and somebody who may lets them in again, with nobody at the back office. */
import { firstValueFrom } from 'rxjs';
import { describe, expect, test } from 'vitest';
import { ids } from '#support/kiosk-rows.ts';
import { cleo, createRightsBench, pins, rightsOf, type RightsBench } from '#support/rights-bench.ts';
import { fail, ok } from '#shared/errors/app-error.ts';

const rights = rightsOf([]);
const manager = { roles: ['manager'] };

const pausedAnn = async (scene: Parameters<typeof createRightsBench>[0]): Promise<RightsBench> => {
  const on = await createRightsBench(scene);
  for (let tries = 0; tries < 5; tries += 1) await on.staff.signIn(ids.ann, '0000');
  expect(await on.staff.signIn(ids.ann, pins.ann)).toMatchObject({ error: { code: 'staff.locked_out' } });
  return on;
};
const byBob = (pin: string = pins.bob) => ({ staffId: ids.ann, by: { staffId: ids.bob, pin } });
const lifts = ({ data }: RightsBench) => data.events.filter(({ kind }) => kind === 'pause_lifted');

describe('a pause', () => {
  test('is lifted by a manager with their own PIN, who is not signed in by it; the journal says who lifted whose', async () => {
    const on = await pausedAnn({ rights, bob: manager });
    expect(await on.calls.whoMayLift({ staffId: ids.ann }, on.context)).toEqual(
      ok({ people: [{ staffId: ids.bob, name: 'Bob' }] }),
    );
    expect(await on.calls.liftPause(byBob(), on.context)).toEqual(ok(null));
    expect(await firstValueFrom(on.staff.session$)).toBeNull();
    expect(await firstValueFrom(on.staff.lockedUntil$)).toEqual(new Map());
    expect(lifts(on)).toMatchObject([
      { staffId: ids.ann, approver: { staffId: ids.bob, method: 'pin' }, errorCode: null },
    ]);
    // As if nothing had been wrong: also with all tries.
    expect(await on.staff.signIn(ids.ann, '0000')).toEqual(fail('staff.wrong_pin', { attemptsLeft: 4 }));
    expect(await on.staff.signIn(ids.ann, pins.ann)).toEqual(ok(null));
  });

  test('stays lifted over a restart; that somebody lifts it once more is told all the same', async () => {
    const on = await pausedAnn({ rights, bob: manager });
    await on.calls.liftPause(byBob(), on.context);
    expect(JSON.parse((await on.data.readNote('lockouts')) ?? '{}')).toMatchObject({ people: {} });
    expect(await on.calls.liftPause(byBob(), on.context)).toEqual(ok(null));
    expect(lifts(on)).toHaveLength(2);
  });

  test.each([
    ['an associate', { rights, bob: { roles: ['associate'] } }],
    ['somebody whom nobody gave a role', { rights, bob: {} }],
    ['anybody, where no rights are set', { ann: {}, bob: {}, cleo: {} }],
  ])('is not lifted by %s, whose PIN is right', async (_who, scene) => {
    const on = await pausedAnn(scene);
    expect(await on.calls.whoMayLift({ staffId: ids.ann }, on.context)).toEqual(ok({ people: [] }));
    expect(await on.calls.liftPause(byBob(), on.context)).toEqual(fail('rights.not_permitted'));
    expect(await on.staff.signIn(ids.ann, pins.ann)).toMatchObject({ error: { code: 'staff.locked_out' } });
    expect(lifts(on)).toEqual([]);
  });

  test('is nobody’s own to lift, whatever they may', async () => {
    const on = await pausedAnn({ rights, ann: manager, bob: manager });
    const own = { staffId: ids.ann, by: { staffId: ids.ann, pin: pins.ann } };
    expect(await on.calls.liftPause(own, on.context)).toEqual(fail('rights.same_person'));
    const answer = await on.calls.whoMayLift({ staffId: ids.ann }, on.context);
    expect(answer).toEqual(ok({ people: [{ staffId: ids.bob, name: 'Bob' }] }));
  });

  test('is not lifted by a wrong PIN, which counts against whoever lifts, up to their own pause', async () => {
    const on = await pausedAnn({ rights, bob: manager, cleo: manager });
    for (let left = 4; left > 0; left -= 1) {
      const wrong = fail('staff.wrong_pin', { attemptsLeft: left });
      expect(await on.calls.liftPause(byBob('0000'), on.context)).toEqual(wrong);
    }
    expect(await on.calls.liftPause(byBob('0000'), on.context)).toMatchObject({
      error: { code: 'staff.locked_out' },
    });
    expect(await on.calls.liftPause(byBob(), on.context)).toMatchObject({
      error: { code: 'staff.locked_out' },
    });
    const byCleo = { staffId: ids.bob, by: { staffId: cleo, pin: pins.cleo } };
    expect(await on.calls.liftPause(byCleo, on.context)).toEqual(ok(null));
    expect(await on.calls.liftPause(byBob(), on.context)).toEqual(ok(null));
  });

  test('is not lifted by a manager whose time is over, nor where the disk takes no event of it', async () => {
    const on = await pausedAnn({ rights, bob: { ...manager, until: '2026-01-04' } });
    expect(await on.calls.liftPause(byBob(), on.context)).toEqual(fail('staff.ended'));
    on.set({ rights, bob: manager });
    on.data.diskFull = true;
    expect(await on.calls.liftPause(byBob(), on.context)).toEqual(fail('storage.disk_full'));
    on.data.diskFull = false;
    expect(await on.staff.signIn(ids.ann, pins.ann)).toMatchObject({ error: { code: 'staff.locked_out' } });
    expect(lifts(on)).toEqual([]);
  });
});
