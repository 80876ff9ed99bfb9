/** Locks that open some time after they are asked for, as the page asks for it. */
import { describe, expect, test } from 'vitest';
import { hashOf } from '#support/badge-bench.ts';
import { ids, serial } from '#support/kiosk-rows.ts';
import { another, createRightsBench, pins, rightsOf, type RightsBench } from '#support/rights-bench.ts';
import { fail, ok, type Result } from '#shared/errors/app-error.ts';
import type { Asked } from '#shared/ipc/opening-calls.ts';
import type { Rule } from '#shared/rights/model.ts';
import { openableMs } from '../staff/waits.ts';

const minute = 60_000;
const badge = '0012345678';
const delayed: Rule = { group: 'Perfume', delayMinutes: 5 };
const twoPeople: Rule = { ...delayed, twoPeople: true };
const open = { ok: true, value: { kind: 'open' } };

let on: RightsBench;
const begin = async (...scene: Parameters<typeof createRightsBench>): Promise<void> => {
  on = await createRightsBench(...scene);
  await on.staff.signIn(ids.ann, pins.ann);
};
const unlock = (asked?: Asked): Promise<Result<unknown>> =>
  on.calls.unlock({ serialNumber: serial, ...(asked ? { asked } : {}) }, on.context);
const ask = (...serialNumbers: string[]): Promise<Result<null>> =>
  on.calls.askOpening({ serialNumbers }, on.context);
/** As time passes at a counter where somebody is at work. */
const pass = async (ms: number): Promise<void> => {
  for (let gone = 0; gone < ms; gone += minute) {
    await on.clock.advance(Math.min(minute, ms - gone));
    await on.staff.signIn(ids.ann, pins.ann);
    on.driver.hear(serial);
    on.driver.hear(another);
  }
};

describe('a lock with a delay', () => {
  test('opens once it was asked for and the delay is over, with how long was waited in the event', async () => {
    await begin({ rights: rightsOf([delayed]) });
    expect(await unlock()).toEqual(fail('rights.wait_needed', { minutes: 5 }));
    expect(await ask(serial)).toEqual(ok(null));
    await pass(4 * minute);
    expect(await unlock()).toMatchObject({ error: { code: 'rights.wait_runs' } });
    expect(on.reached()).toEqual([]);
    await pass(minute + 1_000);
    expect(await unlock()).toMatchObject(open);
    expect(on.openings().map(({ kind, serialNumber }) => [kind, serialNumber])).toEqual([
      ['opening_asked', serial],
      ['unlocked', serial],
    ]);
    const { waited } = on.openings().at(-1) ?? {};
    expect(waited?.staffId).toBe(ids.ann);
    expect(waited?.seconds).toBeGreaterThanOrEqual(300);
    // It has to be asked for anew.
    await pass(minute);
    expect(await unlock()).toMatchObject({ error: { code: 'rights.wait_needed' } });
  });

  test('lapses five minutes after its delay', async () => {
    await begin({ rights: rightsOf([delayed]) });
    await ask(serial);
    await pass(5 * minute + openableMs + 2_000);
    expect(await unlock()).toMatchObject({ error: { code: 'rights.wait_needed' } });
  });

  test('is called off by whoever is signed in, and goes on when another signs in', async () => {
    await begin({ rights: rightsOf([delayed]), bob: { roles: ['lead'] } });
    await ask(serial);
    await on.staff.signIn(ids.bob, pins.bob);
    expect(on.judge.wait({ serialNumber: serial, group: 'Perfume' })).toMatchObject({
      name: 'Ann',
      over: false,
    });
    await on.calls.callOffOpening({ serialNumbers: [serial, another] }, on.context);
    expect(on.judge.wait({ serialNumber: serial, group: 'Perfume' })).toBeUndefined();
    expect(on.openings().map(({ kind, staffId }) => [kind, staffId])).toEqual([
      ['opening_asked', ids.ann],
      ['opening_called_off', ids.bob],
    ]);
  });

  test('asks for the second person when it can be opened, not before', async () => {
    await begin({ rights: rightsOf([twoPeople]) });
    const byBob = { approval: { staffId: ids.bob, pin: pins.bob } };
    expect(await unlock(byBob)).toMatchObject({ error: { code: 'rights.wait_needed' } });
    await ask(serial);
    await pass(5 * minute + 1_000);
    expect(await unlock()).toMatchObject({ error: { code: 'rights.second_person_needed' } });
    expect(await unlock(byBob)).toMatchObject(open);
  });

  test('waits as long as the rule says now, where that was made longer meanwhile', async () => {
    await begin({ rights: rightsOf([delayed]) });
    await ask(serial);
    on.set({ rights: rightsOf([{ ...delayed, delayMinutes: 8 }]) });
    await pass(6 * minute);
    expect(await unlock()).toMatchObject({ error: { code: 'rights.wait_runs' } });
    await pass(2 * minute + 1_000);
    expect(await unlock()).toMatchObject(open);
  });

  test('goes on where the rule was made longer by more than it would have stood open', async () => {
    await begin({ rights: rightsOf([delayed]) });
    await ask(serial);
    on.set({ rights: rightsOf([{ ...delayed, delayMinutes: 30 }]) });
    await pass(12 * minute);
    expect(await unlock()).toMatchObject({ error: { code: 'rights.wait_runs' } });
    await pass(18 * minute + 1_000);
    expect(await unlock()).toMatchObject(open);
  });

  test('lapses by the rule of now, where that was made shorter meanwhile, and can be asked for at once', async () => {
    await begin({ rights: rightsOf([{ ...delayed, delayMinutes: 30 }]) });
    await ask(serial);
    await pass(6 * minute);
    on.set({ rights: rightsOf([delayed]) });
    expect(on.judge.wait({ serialNumber: serial, group: 'Perfume' })).toMatchObject({ over: true });
    await pass(5 * minute);
    expect(await unlock()).toMatchObject({ error: { code: 'rights.wait_needed' } });
    expect(await ask(serial)).toEqual(ok(null));
    expect(await unlock()).toMatchObject({ error: { code: 'rights.wait_runs' } });
    await pass(5 * minute + 1_000);
    expect(await unlock()).toMatchObject(open);
  });

  test('asked for by a badge says so in the journal, and so does calling it off', async () => {
    await begin({ rights: rightsOf([delayed]), ann: { roles: ['lead'] } });
    on.data.staff$.next(
      on.data.staff$.value.map((one) =>
        one.staffId === ids.ann ? { ...one, badges: [{ hash: hashOf(badge) }] } : one,
      ),
    );
    await on.staff.signOut();
    expect(await on.staff.signInByBadge(badge)).toEqual(ok(null));
    await ask(serial);
    await on.calls.callOffOpening({ serialNumbers: [serial] }, on.context);
    expect(on.openings().map(({ kind, method }) => [kind, method])).toEqual([
      ['opening_asked', 'badge'],
      ['opening_called_off', 'badge'],
    ]);
  });

  test('is not asked for by who may not open it, nor where there is no delay', async () => {
    await begin({ rights: rightsOf([{ ...delayed, roles: ['manager'] }]) });
    expect(await ask(serial)).toEqual(fail('rights.not_permitted'));
    expect(await ask(serial)).toEqual(fail('rights.not_permitted'));
    expect(on.openings()).toMatchObject([
      { kind: 'refused', staffId: ids.ann, serialNumber: serial, errorCode: 'rights.not_permitted' },
    ]);
    on.set({ rights: rightsOf([]) });
    expect(await ask(serial)).toEqual(ok(null));
    expect(on.openings()).toHaveLength(1);
  });

  test('with others is opened with them once all of them were waited for', async () => {
    await begin({ rights: rightsOf([delayed]), ann: { roles: ['lead'] } });
    const both = { serialNumbers: [serial, another] };
    await ask(serial);
    await pass(minute);
    await ask(serial, another);
    await pass(4 * minute + 1_000);
    expect(await on.calls.unlockGroup(both, on.context)).toMatchObject({
      error: { code: 'rights.wait_runs' },
    });
    await pass(minute);
    expect(await on.calls.unlockGroup(both, on.context)).toEqual(ok(null));
    expect(on.openings().filter(({ kind }) => kind === 'unlocked')).toHaveLength(2);
  });
});
