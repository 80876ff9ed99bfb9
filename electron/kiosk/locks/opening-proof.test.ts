/** Locks that open for badge and PIN, and a second person who holds their badge to the reader, as the page asks for it. */
import { firstValueFrom } from 'rxjs';
import { beforeEach, describe, expect, test } from 'vitest';
import { createBadgesOnBench, hashOf } from '#support/badge-bench.ts';
import { ids, serial } from '#support/kiosk-rows.ts';
import { another, cleo, createRightsBench, pins, rightsOf, type RightsBench } from '#support/rights-bench.ts';
import { fail, ok, type Result } from '#shared/errors/app-error.ts';
import type { CallInput } from '#shared/ipc/contract.ts';
import { mostUnknown } from '../staff/badge-proof.ts';

const badges = { ann: '04A1B2C3', bob: '0012345678', cleo: '77001122' } as const;
const open = { ok: true, value: { kind: 'open' } };

let on: RightsBench;
const begin = async (scene: Parameters<typeof createRightsBench>[0]): Promise<void> => {
  on = await createRightsBench(scene);
  const numbers: Readonly<Record<string, string>> = {
    [ids.ann]: badges.ann,
    [ids.bob]: badges.bob,
    [cleo]: badges.cleo,
  };
  on.data.staff$.next(
    on.data.staff$.value.map((one) => ({ ...one, badges: [{ hash: hashOf(numbers[one.staffId] ?? '') }] })),
  );
};
const unlock = (asked?: CallInput<'unlock'>['asked']): Promise<Result<unknown>> =>
  on.calls.unlock({ serialNumber: serial, ...(asked ? { asked } : {}) }, on.context);
const signIn = {
  pin: () => on.staff.signIn(ids.ann, pins.ann),
  badge: () => on.staff.signInByBadge(badges.ann),
};
const prove = (proof: CallInput<'proveSelf'>) => on.calls.proveSelf(proof, on.context);
const own = { pin: { pin: pins.ann }, badge: { read: badges.ann } };
const signedIn = async () => (await firstValueFrom(on.staff.session$))?.staffId;
const proofOf = async () => {
  const session = await firstValueFrom(on.staff.session$);
  return session && on.judge.needs(session.staffId, 'Perfume', session.method)?.proof;
};

describe('a lock that opens', () => {
  beforeEach(() => begin({ rights: rightsOf([{ group: 'Perfume', badge: 'required' }]) }));

  test.each([
    ['pin', 'badge'],
    ['badge', 'pin'],
  ] as const)(
    'for badge and PIN asks whoever signed in by %s for the other, once, and the event says both',
    async (first, second) => {
      await signIn[first]();
      expect(await proofOf()).toBe(second);
      expect(await unlock()).toEqual(fail(`rights.${second}_needed`));
      expect(on.reached()).toEqual([]);
      expect(await prove(own[second])).toEqual(ok(null));
      expect(await proofOf()).toBeUndefined();
      for (let times = 0; times < 2; times += 1) expect(await unlock()).toMatchObject(open);
      expect(on.openings()).toMatchObject([
        { kind: 'unlocked', method: 'both' },
        { kind: 'unlocked', method: 'both' },
      ]);
      await on.staff.signOut();
      await signIn[first]();
      expect(await unlock()).toEqual(fail(`rights.${second}_needed`));
    },
  );

  test('takes nobody else’s badge, and signs nobody in by it', async () => {
    await signIn.pin();
    expect(await prove({ read: badges.bob })).toEqual(fail('badge.not_yours'));
    expect(await prove({ read: '990011' })).toEqual(fail('badge.unknown'));
    expect(await signedIn()).toBe(ids.ann);
    expect(await unlock()).toEqual(fail('rights.badge_needed'));
    await on.staff.signOut();
    expect(await prove(own.badge)).toEqual(fail('staff.not_signed_in'));
  });

  test('counts wrong PINs that are entered there as any others', async () => {
    await signIn.badge();
    expect(await prove({ pin: '0000' })).toEqual(fail('staff.wrong_pin', { attemptsLeft: 4 }));
    expect(on.data.events.at(-1)).toMatchObject({ kind: 'sign_in_refused', staffId: ids.ann });
    expect(await unlock()).toEqual(fail('rights.pin_needed'));
  });

  test('asks again once the badge was blocked, or another person is there', async () => {
    await signIn.pin();
    await prove(own.badge);
    await on.badges.block(ids.ann, { staffId: ids.bob, method: 'pin' });
    expect([await signedIn(), await proofOf()]).toEqual([ids.ann, 'badge']);
    expect(await unlock()).toEqual(fail('rights.badge_needed'));
    await on.staff.signIn(ids.bob, pins.bob);
    expect(await unlock()).toEqual(fail('rights.badge_needed'));
  });

  test('stays closed where no badge is known', async () => {
    const without = createBadgesOnBench(on.data, { recordNow: () => Promise.resolve(ok(null)) }, false);
    expect(await without.find(badges.ann)).toEqual(fail('badge.no_key'));
    on.data.staff$.next(on.data.staff$.value.map(({ badges: _, ...one }) => one));
    await signIn.pin();
    expect(await prove(own.badge)).toEqual(fail('badge.unknown'));
    expect(await unlock()).toEqual(fail('rights.badge_needed'));
  });
});

describe('a second person', () => {
  beforeEach(async () => {
    await begin({ rights: rightsOf([{ group: 'Perfume', twoPeople: true }]) });
    await signIn.pin();
  });

  test('confirms by their badge, who is not signed in by it, and the event says so', async () => {
    expect(await on.calls.whoseBadge({ read: badges.bob }, on.context)).toEqual(ok({ staffId: ids.bob }));
    expect(await unlock({ approval: { read: badges.bob } })).toMatchObject(open);
    expect(await signedIn()).toBe(ids.ann);
    expect(on.openings()).toMatchObject([
      { kind: 'unlocked', staffId: ids.ann, method: 'pin', approver: { staffId: ids.bob, method: 'badge' } },
    ]);
  });

  test.each([
    ['who is the first', badges.ann, 'rights.same_person'],
    ['who may not', badges.cleo, 'rights.may_not_approve'],
    ['whom nobody knows', '990011', 'badge.unknown'],
    ['whose badge cannot be read', 'hello', 'badge.unreadable'],
  ] as const)('%s confirms nothing by badge', async (_who, read, code) => {
    expect(await unlock({ approval: { read } })).toMatchObject({ error: { code } });
    expect(on.reached()).toEqual([]);
    expect(await signedIn()).toBe(ids.ann);
  });

  test('whose badge was blocked, or who is paused, confirms nothing by it', async () => {
    await on.badges.block(ids.bob, { staffId: ids.ann, method: 'pin' });
    expect(await unlock({ approval: { read: badges.bob } })).toEqual(fail('badge.blocked'));
    await on.badges.assign(ids.bob, badges.bob, { staffId: ids.ann, method: 'pin' });
    for (let tries = 0; tries < 5; tries += 1)
      await on.staff.confirm({ staffId: ids.bob, pin: '0000' }, 'second_person');
    expect(await unlock({ approval: { read: badges.bob } })).toMatchObject({
      error: { code: 'staff.locked_out' },
    });
  });

  test('is guessed by badges as little as who signs in is', async () => {
    for (let tries = 0; tries < mostUnknown; tries += 1)
      await on.calls.whoseBadge({ read: `9900${tries}` }, on.context);
    expect(await unlock({ approval: { read: badges.bob } })).toMatchObject({
      error: { code: 'badge.paused' },
    });
  });
});

describe('a group that is being opened, while a badge is blocked', () => {
  /** The first lock opens, then `meanwhile` happens, and then the second goes on. */
  const openBoth = async (meanwhile: () => Promise<unknown>, approval?: { readonly read: string }) => {
    let [happened, happen] = [Promise.resolve(), (): void => undefined];
    happened = new Promise((resolve) => (happen = resolve));
    on.driver.onUnlock = async (serialNumber, { onStage, onCommitted, signal }) => {
      onStage?.('connect');
      if (serialNumber === another) await happened;
      onStage?.('actuate');
      if (signal?.aborted) return fail('lock.cancelled', { serialNumber });
      onCommitted?.();
      if (serialNumber === serial) await meanwhile().finally(happen);
      return ok({ holdOpenSeconds: 5 });
    };
    const asked = approval ? { asked: { approval } } : {};
    await on.calls.unlockGroup({ serialNumbers: [serial, another], ...asked }, on.context);
    const run = await firstValueFrom(on.group.run$);
    return run?.locks.map(({ end }) => (end?.kind === 'not_open' ? end.error.code : end?.kind));
  };
  const anns = { ann: { roles: ['lead'] } };

  test('one’s own: the locks that are left ask for another', async () => {
    await begin({ ...anns, rights: rightsOf([{ group: 'Perfume', badge: 'required' }]) });
    await signIn.pin();
    await prove(own.badge);
    const block = () => on.badges.block(ids.ann, { staffId: ids.bob, method: 'pin' });
    expect(await openBoth(block)).toEqual(['open', 'rights.badge_needed']);
    expect(on.openings().slice(-2)).toMatchObject([
      { kind: 'unlocked', method: 'both' },
      { kind: 'not_unlocked', method: 'pin', errorCode: 'rights.badge_needed' },
    ]);
  });

  test.each([
    ['was blocked', () => on.badges.block(ids.bob, { staffId: ids.ann, method: 'pin' }), 'badge.blocked'],
    [
      'is of somebody who is not there any more',
      () => {
        on.data.staff$.next(on.data.staff$.value.filter(({ staffId }) => staffId !== ids.bob));
        return Promise.resolve();
      },
      'rights.may_not_approve',
    ],
  ] as const)('that of the second person, which %s: the others stay closed', async (_what, change, code) => {
    await begin({ ...anns, rights: rightsOf([{ group: 'Perfume', twoPeople: true }]) });
    await signIn.pin();
    expect(await openBoth(change, { read: badges.bob })).toEqual(['open', code]);
  });
});

test('a second person whose PIN is replaced meanwhile confirms by the old one no longer', async () => {
  await begin({ rights: rightsOf([{ group: 'Perfume', twoPeople: true }]) });
  await signIn.pin();
  on.driver.onUnlock = (serialNumber, { onStage, signal }) => {
    on.data.staff$.next(
      on.data.staff$.value.map((one) =>
        one.staffId === ids.bob ? { ...one, pin: { ...one.pin, hash: 'AAAA' } } : one,
      ),
    );
    onStage?.('actuate');
    return Promise.resolve(
      signal?.aborted ? fail('lock.cancelled', { serialNumber }) : ok({ holdOpenSeconds: 5 }),
    );
  };
  expect(await unlock({ approval: { staffId: ids.bob, pin: pins.bob } })).toMatchObject({
    value: { kind: 'not_open', error: { code: 'rights.second_person_needed' } },
  });
});

test('a pause is lifted by a manager’s badge, who is not signed in by it; nobody’s own, and not by who may not', async () => {
  await begin({ rights: rightsOf([]), bob: { roles: ['manager'] } });
  for (let tries = 0; tries < 5; tries += 1) await on.staff.signIn(ids.ann, '0000');
  const lift = (read: string) => on.calls.liftPause({ staffId: ids.ann, by: { read } }, on.context);
  expect(await lift(badges.ann)).toMatchObject({ error: { code: 'staff.locked_out' } });
  expect(await lift(badges.cleo)).toEqual(fail('rights.not_permitted'));
  expect(await lift(badges.bob)).toEqual(ok(null));
  expect(await signedIn()).toBeUndefined();
  expect(on.data.events.at(-1)).toMatchObject({
    kind: 'pause_lifted',
    staffId: ids.ann,
    approver: { staffId: ids.bob, method: 'badge' },
  });
  expect(await signIn.pin()).toEqual(ok(null));
});
