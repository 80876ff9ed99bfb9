/** What somebody brings to an opening: a reason, and somebody else who confirms it. As the page asks for it. */
import { firstValueFrom } from 'rxjs';
import { beforeEach, describe, expect, test } from 'vitest';
import { ids, serial } from '#support/kiosk-rows.ts';
import { another, cleo, createRightsBench, pins, rightsOf, type RightsBench } from '#support/rights-bench.ts';
import { fail, ok, type Result } from '#shared/errors/app-error.ts';
import type { Asked } from '#shared/ipc/opening-calls.ts';
import type { Rule } from '#shared/rights/model.ts';

const reasons: Rule['reasons'] = {
  choices: [
    { code: 'sale', name: 'Sale' },
    { code: 'stock', name: 'Stock' },
  ],
  number: { name: 'Receipt', required: true },
};
const twoPeople = rightsOf([{ group: 'Perfume', twoPeople: true }]);
const withReason = rightsOf([{ group: 'Perfume', reasons }]);
const both = rightsOf([{ group: 'Perfume', twoPeople: true, reasons, holdOpenSeconds: 20 }]);
const byBob = { approval: { staffId: ids.bob, pin: pins.bob } };
const sale = { reason: { code: 'sale', number: '4711-12' } };

let on: RightsBench;
const begin = async (...scene: Parameters<typeof createRightsBench>): Promise<void> => {
  on = await createRightsBench(...scene);
  await on.staff.signIn(ids.ann, pins.ann);
};
const unlock = (asked?: Asked): Promise<Result<unknown>> =>
  on.calls.unlock({ serialNumber: serial, ...(asked ? { asked } : {}) }, on.context);
const unlockBoth = (asked?: Asked): Promise<Result<unknown>> =>
  on.calls.unlockGroup({ serialNumbers: [serial, another], ...(asked ? { asked } : {}) }, on.context);
const open = { ok: true, value: { kind: 'open' } };
const signedIn = async (): Promise<string | undefined> => (await firstValueFrom(on.staff.session$))?.staffId;

describe('a second person', () => {
  beforeEach(() => begin({ rights: twoPeople }));

  test('confirms with their own PIN, and is not signed in by it', async () => {
    expect(await unlock(byBob)).toMatchObject(open);
    expect(await signedIn()).toBe(ids.ann);
    expect(on.openings()).toMatchObject([
      {
        kind: 'unlocked',
        staffId: ids.ann,
        method: 'pin',
        approver: { staffId: ids.bob, method: 'pin' },
        group: 'Perfume',
      },
    ]);
    expect(on.data.events.filter(({ kind }) => kind === 'signed_in')).toHaveLength(1);
  });

  test('has to be asked for, and nothing is written down of a step of asking', async () => {
    expect(await unlock()).toEqual(fail('rights.second_person_needed'));
    expect(on.reached()).toEqual([]);
    expect(on.openings()).toEqual([]);
  });

  test('is not the one who asks, whatever they may; that somebody tried is in the journal', async () => {
    on.set({ rights: twoPeople, ann: { roles: ['manager'] } });
    const self = { approval: { staffId: ids.ann, pin: pins.ann } };
    expect(await unlock(self)).toEqual(fail('rights.same_person'));
    expect(on.reached()).toEqual([]);
    expect(on.openings()).toMatchObject([
      { kind: 'refused', staffId: ids.ann, serialNumber: serial, errorCode: 'rights.same_person' },
    ]);
  });

  test('has to be allowed to, by role and by date; their PIN is not judged otherwise', async () => {
    const noApprover = fail('rights.may_not_approve');
    expect(await unlock({ approval: { staffId: cleo, pin: '0000' } })).toEqual(noApprover);
    on.set({ rights: twoPeople, bob: { roles: ['lead'], until: '2026-01-04' } });
    expect(await unlock(byBob)).toEqual(noApprover);
    expect(on.reached()).toEqual([]);
    expect(on.data.events.some(({ kind }) => kind === 'sign_in_refused')).toBe(false);
  });

  test('with a wrong PIN counts as at sign-in, up to the lockout, which holds for both', async () => {
    const wrong = { approval: { staffId: ids.bob, pin: '0000' } };
    expect(await unlock(wrong)).toEqual(fail('staff.wrong_pin', { attemptsLeft: 4 }));
    for (let tries = 0; tries < 4; tries += 1) await unlock(wrong);
    expect(await unlock(byBob)).toMatchObject({ error: { code: 'staff.locked_out' } });
    expect(await on.staff.signIn(ids.bob, pins.bob)).toMatchObject({ error: { code: 'staff.locked_out' } });
    expect(on.reached()).toEqual([]);
    expect(await signedIn()).toBe(ids.ann);
    const refused = on.data.events.filter(({ kind }) => kind === 'sign_in_refused');
    expect(refused.map(({ staffId }) => staffId)).toEqual(Array.from({ length: 5 }, () => ids.bob));
  });

  test('is asked for with a touch: whoever asked stays signed in', async () => {
    await on.clock.advance(59_000);
    on.driver.hear(serial);
    expect(await unlock(byBob)).toMatchObject(open);
    await on.clock.advance(30_000);
    expect(await signedIn()).toBe(ids.ann);
  });

  test('confirms nothing any more for somebody who is signed out meanwhile', async () => {
    const asked = unlock(byBob);
    await on.staff.signOut();
    expect(await asked).toMatchObject({ value: { kind: 'not_open', error: { code: 'lock.cancelled' } } });
    expect(on.reached()).toEqual([]);
  });

  test('that nobody asked for is held to the same, and recorded', async () => {
    on.set({ rights: rightsOf([]) });
    expect(await unlock({ approval: { staffId: ids.bob, pin: '0000' } })).toMatchObject({
      error: { code: 'staff.wrong_pin' },
    });
    expect(await unlock({ approval: { staffId: cleo, pin: pins.cleo } })).toEqual(
      fail('rights.may_not_approve'),
    );
    expect(await unlock(byBob)).toMatchObject(open);
    expect(on.openings().at(-1)).toMatchObject({ kind: 'unlocked', approver: { staffId: ids.bob } });
  });

  test('that cannot be one leaves no event where no rights are set: the backend may not know it', async () => {
    on.set({ ann: {}, bob: {} });
    const self = { approval: { staffId: ids.ann, pin: pins.ann } };
    expect(await unlock(self)).toEqual(fail('rights.same_person'));
    expect(on.reached()).toEqual([]);
    expect(on.openings()).toEqual([]);
  });

  test('gives no PIN for a kiosk that is busy at another lock: it is not judged', async () => {
    const turn = await on.slot.claim('person', another);
    expect(await unlock({ approval: { staffId: ids.bob, pin: '0000' } })).toMatchObject({
      error: { code: 'lock.busy' },
    });
    if (turn.ok) turn.value.release();
    expect(await unlock(byBob)).toMatchObject(open);
  });

  test('helps nobody whose roles do not open', async () => {
    on.set({ rights: twoPeople, ann: { roles: ['auditor'] } });
    expect(await unlock(byBob)).toEqual(fail('rights.not_permitted'));
    expect(on.reached()).toEqual([]);
  });
});

describe('a reason', () => {
  beforeEach(() => begin({ rights: withReason }));

  test('is one of the choices, with its number where one is required', async () => {
    expect(await unlock()).toEqual(fail('rights.reason_needed'));
    expect(await unlock({ reason: { code: 'sale' } })).toEqual(fail('rights.reason_needed'));
    expect(await unlock({ reason: { code: 'fun', number: '1' } })).toEqual(fail('rights.reason_unknown'));
    expect(on.reached()).toEqual([]);
    expect(await unlock(sale)).toMatchObject(open);
    expect(on.openings()).toMatchObject([{ kind: 'unlocked', ...sale }]);
  });

  test('is asked for before anybody’s PIN is judged', async () => {
    on.set({ rights: both });
    expect(await unlock({ approval: { staffId: ids.bob, pin: '0000' } })).toEqual(
      fail('rights.reason_needed'),
    );
    expect(await unlock(sale)).toEqual(fail('rights.second_person_needed'));
    expect(await unlock({ ...sale, ...byBob })).toMatchObject(open);
    expect(on.driver.command?.holdOpenSeconds).toBe(20);
  });

  test('that nobody asked for is taken, and recorded', async () => {
    on.set({ rights: rightsOf([]) });
    expect(await unlock(sale)).toMatchObject(open);
    expect(on.openings()).toMatchObject([{ kind: 'unlocked', ...sale }]);
    expect(on.driver.command?.holdOpenSeconds).toBe(5);
  });
});

describe('several at once', () => {
  const lead = { roles: ['lead'] };
  test('are asked for once, and each is recorded with it', async () => {
    await begin({ rights: both, ann: lead });
    expect(await unlockBoth()).toEqual(fail('rights.reason_needed'));
    expect(await unlockBoth({ ...sale, ...byBob })).toEqual(ok(null));
    expect(on.openings()).toMatchObject(
      [serial, another].map((serialNumber) => ({
        kind: 'unlocked',
        serialNumber,
        ...sale,
        approver: { staffId: ids.bob },
      })),
    );
  });

  test('are opened by whose role opens groups alone; each refusal is recorded', async () => {
    await begin({ rights: rightsOf([]) });
    expect(await unlockBoth()).toEqual(fail('rights.not_permitted'));
    expect(on.reached()).toEqual([]);
    expect(on.openings().map(({ kind, serialNumber }) => [kind, serialNumber])).toEqual([
      ['refused', serial],
      ['refused', another],
    ]);
    expect(await unlock()).toMatchObject(open);
  });

  test('one that is closed now ends as that, and the other opens', async () => {
    await begin({ rights: rightsOf([{ group: 'Safe', roles: ['manager'] }]), ann: lead });
    const locks = new Map(on.data.locks$.value);
    const closed = locks.get(another);
    if (closed) on.data.locks$.next(locks.set(another, { ...closed, group: 'Safe' }));
    expect(await unlockBoth()).toEqual(ok(null));
    expect(on.reached()).toEqual([`unlock ${serial}`]);
    const ends = on.openings().map((event) => [event.serialNumber, event.kind, event.group, event.errorCode]);
    expect(ends).toHaveLength(2);
    expect(ends).toContainEqual([serial, 'unlocked', 'Perfume', null]);
    expect(ends).toContainEqual([another, 'not_unlocked', 'Safe', 'rights.not_permitted']);
  });
});
