import { describe, expect, test } from 'vitest';
import { createBadgesOnBench } from '#support/badge-bench.ts';
import { createKioskBench } from '#support/kiosk-bench.ts';
import { ids, staffRow, storeRow, verifierOf } from '#support/kiosk-rows.ts';
import { rightsOf } from '#support/rights-bench.ts';
import { fail, ok } from '#shared/errors/app-error.ts';
import { provePin, type PinProof } from './pin.ts';
import { createStaffService } from './staff-service.ts';

const forced = '930274';
const ann = { ...staffRow(ids.ann, 'Ann', '4711'), duressPin: verifierOf(forced) };
const bob = { ...staffRow(ids.bob, 'Bob', '0815'), duressPin: verifierOf('661904') };

const open = async (policy = { duressPin: true }) => {
  const on = createKioskBench();
  on.data.store$.next(storeRow(policy));
  on.data.staff$.next([ann, bob]);
  const staff = await createStaffService({
    staff$: on.data.staff$,
    store$: on.data.store$,
    badges: createBadgesOnBench(on.data, on.journal),
    judge: on.judge,
    notes: on.data,
    journal: on.journal,
    clock: on.clock,
    logger: on.logger,
  });
  return { ...on, staff };
};

describe('a duress PIN', () => {
  test('signs in as the other does, and the event alone tells', async () => {
    const { staff, data } = await open();
    expect(await staff.signIn(ids.ann, forced)).toEqual(ok(null));
    expect(staff.isForced()).toBe(true);
    expect(data.events).toMatchObject([{ kind: 'signed_in', staffId: ids.ann, duress: true }]);
    await staff.signOut();
    expect(staff.isForced()).toBe(false);
    await staff.signIn(ids.ann, '4711');
    expect(data.events.at(-1)).not.toHaveProperty('duress');
    expect(staff.isForced()).toBe(false);
  });

  test('holds for as long as that person is there, whichever PIN is typed later', async () => {
    const { staff, data } = await open();
    await staff.signIn(ids.ann, forced);
    await staff.signIn(ids.ann, '4711');
    expect(staff.isForced()).toBe(true);
    expect(data.events.at(-1)).toMatchObject({ kind: 'signed_in', duress: true });
    await staff.signIn(ids.bob, '0815');
    expect(staff.isForced()).toBe(false);
  });

  test('confirms, too', async () => {
    const { staff } = await open();
    const bob = { staffId: ids.bob, method: 'pin' };
    const confirm = (pin: string) => staff.confirm({ staffId: ids.bob, pin }, 'second_person');
    expect(await confirm('661904')).toMatchObject(ok({ approver: { ...bob, duress: true } }));
    expect(await confirm('0815')).toMatchObject(ok({ approver: bob }));
  });

  test('is a wrong PIN where the store has none, and counts as one', async () => {
    const { staff } = await open({ duressPin: false });
    expect(await staff.signIn(ids.ann, forced)).toEqual(fail('staff.wrong_pin', { attemptsLeft: 4 }));
  });

  test('of somebody else is wrong', async () => {
    const { staff } = await open();
    expect(await staff.signIn(ids.ann, '661904')).toEqual(fail('staff.wrong_pin', { attemptsLeft: 4 }));
  });
});

describe('a duress PIN that leads nowhere is told, by an event that there is of the other, too:', () => {
  const manager = { ...bob, roles: ['manager'] };
  const managerPins = { free: '0815', forced: '661904' };
  const annPins = { free: '4711', forced };
  type Scene = Awaited<ReturnType<typeof open>>;

  test.each<readonly [string, typeof annPins, (on: Scene, pin: string) => Promise<unknown>]>([
    [
      'of somebody who may not be here yet',
      annPins,
      ({ staff, data }, pin) => {
        data.store$.next({ ...storeRow({ duressPin: true }), rights: rightsOf([]) });
        data.staff$.next([{ ...ann, roles: ['associate'], from: '2099-01-01' }, bob]);
        return staff.signIn(ids.ann, pin);
      },
    ],
    [
      'where the page is gone',
      annPins,
      ({ staff }, pin) => {
        const page = new AbortController();
        const answer = staff.signIn(ids.ann, pin, page.signal);
        page.abort();
        return answer;
      },
    ],
    [
      'of somebody who is taken off the list meanwhile',
      annPins,
      ({ staff, data }, pin) => {
        const answer = staff.signIn(ids.ann, pin);
        setImmediate(() => data.staff$.next([bob]));
        return answer;
      },
    ],
    [
      'proved once more by somebody who is signed out meanwhile',
      annPins,
      async ({ staff }, pin) => {
        await staff.signIn(ids.ann, '4711');
        setImmediate(() => void staff.signOut());
        return staff.prove({ pin });
      },
    ],
    [
      'for a pause, of somebody who may not lift any',
      managerPins,
      ({ staff }, pin) => staff.liftPause(ids.ann, { staffId: ids.bob, pin }),
    ],
    [
      'for a pause that is over',
      managerPins,
      ({ staff, data }, pin) => {
        data.staff$.next([ann, manager]);
        return staff.liftPause(ids.ann, { staffId: ids.bob, pin });
      },
    ],
    [
      'for a pause, where the disk takes no event now',
      managerPins,
      async ({ staff, data, journal }, pin) => {
        data.staff$.next([ann, manager]);
        const answer = staff.liftPause(ids.ann, { staffId: ids.bob, pin });
        setImmediate(() => (data.diskFull = true));
        const said = await answer;
        data.diskFull = false;
        await journal.catchUp();
        return said;
      },
    ],
  ])('%s', async (_what, typed, act) => {
    const told = async (pin: string) => {
      const on = await open();
      const answer = await act(on, pin);
      return {
        answer,
        events: on.data.events.map(({ kind, errorCode }) => [kind, errorCode]),
        all: on.data.events,
      };
    };
    const [free, hidden] = [await told(typed.free), await told(typed.forced)];
    expect(hidden.answer).toEqual(free.answer);
    expect(hidden.events).toEqual(free.events);
    expect(JSON.stringify(free.all)).not.toContain('duress');
    const last = hidden.all.findLast(({ kind }) => kind !== 'signed_out');
    expect(last?.duress ?? last?.approver?.duress).toBe(true);
  });
});

const none = staffRow(ids.ann, 'Ann', '4711');
test.each<readonly [string, typeof none, string, PinProof]>([
  ['their PIN', ann, '4711', 'pin'],
  ['their duress PIN', ann, forced, 'duress'],
  ['a wrong one', ann, '0000', 'wrong'],
  ['a PIN of who has no duress PIN', none, '4711', 'pin'],
  ['a wrong one of who has none', none, '0000', 'wrong'],
])('%s is proved by the same work, at the same cost', async (_what, person, given, proof) => {
  const costs: string[] = [];
  const proved = await provePin(person, true, given, ({ n, r, p }, pin) => {
    costs.push([n, r, p].join(' '));
    return Promise.resolve(pin === (costs.length === 1 ? '4711' : forced) && costs.length <= 2);
  });
  expect(costs).toEqual(['16 8 1', '16 8 1']);
  expect(proved).toBe(proof);
});
