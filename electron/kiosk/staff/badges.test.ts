/** Who is signed in by a badge, and who is not, with nobody at the back office. */
import fc from 'fast-check';
import { firstValueFrom } from 'rxjs';
import { beforeEach, describe, expect, test } from 'vitest';
import { createBadgesOnBench, hashOf } from '#support/badge-bench.ts';
import { ids, serial } from '#support/kiosk-rows.ts';
import { createRightsBench, pins, rightsOf, type RightsBench } from '#support/rights-bench.ts';
import { fail, ok } from '#shared/errors/app-error.ts';
import { badgeNumberOf, mostBadges, type Badges } from '#shared/badges/badge-number.ts';
import { accessEventSchema } from '#shared/models/access-event.ts';
import { mostUnknown, unknownWithinMs } from './badge-proof.ts';

const rights = rightsOf([]);
const manager = { roles: ['manager'] };
const [annsBadge, bobsBadge] = ['04A1B2C3', '0012345678'];
const by = { staffId: ids.bob, method: 'pin' } as const;

let on: RightsBench;
/** As the backend says it. */
const badgesOf = (all: Readonly<Record<string, Badges>>): void =>
  on.data.staff$.next(
    on.data.staff$.value.map((one) => {
      const badges = all[one.staffId];
      return badges ? { ...one, badges: [...badges] } : one;
    }),
  );
const begin = async (scene: Parameters<typeof createRightsBench>[0] = {}): Promise<void> => {
  on = await createRightsBench({ rights, bob: manager, ...scene });
  badgesOf({ [ids.ann]: [{ hash: hashOf(annsBadge) }], [ids.bob]: [{ hash: hashOf(bobsBadge) }] });
};
const idOf = (number: string): string => hashOf(number).slice(0, 16);
const present = (read: string) => on.calls.signInByBadge({ read }, on.context);
const signedIn = async (): Promise<string | undefined> => (await firstValueFrom(on.staff.session$))?.staffId;
const kinds = (): unknown[] => on.data.events.map(({ kind, staffId, method }) => [kind, staffId, method]);

beforeEach(() => begin());

describe('a badge', () => {
  test('signs its person in, whatever the reader puts around it, and the journal says how', async () => {
    expect(await present(`;${annsBadge.toLowerCase()}?`)).toEqual(ok(null));
    expect(await signedIn()).toBe(ids.ann);
    expect(kinds()).toEqual([['signed_in', ids.ann, 'badge']]);
    expect(await on.calls.unlock({ serialNumber: serial }, on.context)).toMatchObject({
      value: { kind: 'open' },
    });
    expect(on.data.events.at(-1)).toMatchObject({ kind: 'unlocked', staffId: ids.ann, method: 'badge' });
  });

  test('of somebody else changes the person in one step; one’s own proves oneself by both', async () => {
    await on.staff.signIn(ids.ann, pins.ann);
    expect(await present(annsBadge)).toEqual(ok(null));
    expect(on.staff.method()).toBe('both');
    await present(bobsBadge);
    expect(await signedIn()).toBe(ids.bob);
    expect(on.staff.method()).toBe('badge');
    await on.staff.signIn(ids.bob, pins.bob);
    expect(on.staff.method()).toBe('both');
    expect(kinds()).toEqual([
      ['signed_in', ids.ann, undefined],
      ['signed_in', ids.ann, 'both'],
      ['signed_out', ids.ann, undefined],
      ['signed_in', ids.bob, 'badge'],
      ['signed_in', ids.bob, 'both'],
    ]);
  });

  test('that nobody knows is bounded, as PINs are, and the known ones wait with them', async () => {
    for (let tries = 0; tries < mostUnknown; tries += 1)
      expect(await present(`9900${tries}`)).toEqual(fail('badge.unknown'));
    const until = on.clock.now() + unknownWithinMs;
    expect(await present(annsBadge)).toEqual(fail('badge.paused', { until }));
    expect(await on.staff.signIn(ids.ann, pins.ann)).toEqual(ok(null));
    expect(kinds().slice(0, 2)).toEqual([
      ['sign_in_refused', null, undefined],
      ['sign_in_refused', null, undefined],
    ]);
    await on.clock.advance(unknownWithinMs);
    expect(await present(annsBadge)).toEqual(ok(null));
  });

  test('that nobody knows, while somebody is signed in, keeps nobody from signing in afterwards', async () => {
    await on.staff.signIn(ids.ann, pins.ann);
    for (let tries = 0; tries < mostUnknown; tries += 1) await present(`9900${tries}`);
    expect(await present(bobsBadge)).toMatchObject(fail('badge.paused'));
    expect(await signedIn()).toBe(ids.ann);
    await on.staff.signOut();
    expect(await present(bobsBadge)).toEqual(ok(null));
  });

  test.each([
    ['was blocked', { badges: { blocked: true } }, 'badge.blocked'],
    ['is of somebody who has not begun', { part: { from: '2026-01-06' } }, 'staff.not_yet'],
    ['is of somebody whose time is over', { part: { until: '2026-01-04' } }, 'staff.ended'],
    ['is of somebody who may do nothing', { part: { roles: [] } }, 'rights.not_permitted'],
  ])(
    'that %s is refused, and said so',
    async (_what, { badges = {}, part = {} }: { badges?: object; part?: object }, code) => {
      await begin({ ann: { roles: ['associate'], ...part } });
      badgesOf({ [ids.ann]: [{ hash: hashOf(annsBadge), ...badges }] });
      expect(await present(annsBadge)).toMatchObject({ error: { code } });
      expect(await signedIn()).toBeUndefined();
      expect(on.data.events.at(-1)).toMatchObject({
        kind: 'sign_in_refused',
        staffId: ids.ann,
        errorCode: code,
      });
    },
  );

  test('signs nobody in who is paused after wrong PINs', async () => {
    for (let tries = 0; tries < 5; tries += 1) await on.staff.signIn(ids.ann, '0000');
    expect(await present(annsBadge)).toMatchObject({ error: { code: 'staff.locked_out' } });
  });

  test('of two people signs in neither, confirms and is given to nobody, and the back office reads it', async () => {
    const both = { hash: hashOf(annsBadge) };
    badgesOf({ [ids.ann]: [both], [ids.bob]: [{ hash: hashOf(bobsBadge) }, both] });
    expect(await present(annsBadge)).toEqual(fail('badge.of_two'));
    expect(await signedIn()).toBeUndefined();
    expect(on.data.events.at(-1)).toMatchObject({
      kind: 'sign_in_refused',
      staffId: null,
      errorCode: 'badge.of_two',
    });
    expect(await on.badges.assign(ids.ann, annsBadge, by)).toEqual(fail('badge.of_two'));
    expect(await on.badges.read(annsBadge)).toEqual(fail('badge.of_two'));
    // Somebody’s own badge is not in doubt for it, and nobody is made to wait.
    for (let tries = 0; tries < mostUnknown; tries += 1) await present(annsBadge);
    expect(await present(bobsBadge)).toEqual(ok(null));
    // Blocked for one, by hand, it is the other’s.
    await on.badges.block(ids.ann, by);
    expect(await on.badges.find(annsBadge)).toMatchObject({ value: { staffId: ids.bob, blocked: false } });
  });

  test('without a key of the store’s badges says so, and is not counted', async () => {
    const badges = createBadgesOnBench(on.data, { recordNow: () => Promise.resolve(ok(null)) }, false);
    expect(await badges.find(annsBadge)).toEqual(fail('badge.no_key'));
    expect(await badges.find('hello')).toEqual(fail('badge.unreadable'));
  });
});

describe('a badge that is given here', () => {
  const cleosBadge = '77001122';
  const state = async () => {
    const found = await on.badges.find(cleosBadge);
    return found.ok ? found.value && [found.value.staffId, found.value.blocked] : found.error.code;
  };

  test('works at once, is told by an event without its number, and not twice', async () => {
    expect(await on.badges.assign(ids.ann, cleosBadge, by)).toEqual(ok(null));
    expect(await state()).toEqual([ids.ann, false]);
    expect(await on.badges.assign(ids.ann, cleosBadge, by)).toEqual(ok(null));
    expect(on.data.events).toMatchObject([
      { kind: 'badge_assigned', staffId: ids.ann, badges: [hashOf(cleosBadge)], approver: by },
    ]);
    expect(JSON.stringify(on.data.events)).not.toContain(cleosBadge);
    expect(await on.badges.assign(ids.bob, cleosBadge, by)).toEqual(fail('badge.of_another'));
  });

  test('outlives a restart before the backend has heard of it; so does one that was blocked', async () => {
    await on.badges.assign(ids.ann, cleosBadge, by);
    await on.badges.block(ids.ann, by);
    expect(on.badges.count(ids.ann)).toBe(0);
    const anew = createBadgesOnBench(on.data, { recordNow: () => Promise.resolve(ok(null)) });
    expect(await anew.find(cleosBadge)).toMatchObject(ok({ staffId: ids.ann, blocked: true }));
    expect(await anew.find(annsBadge)).toMatchObject(ok({ staffId: ids.ann, blocked: true }));
  });

  test('is blocked at once, signs out whom it signed in, and can be given again', async () => {
    await present(annsBadge);
    await on.badges.block(ids.ann, by);
    expect(await signedIn()).toBeUndefined();
    expect(await present(annsBadge)).toEqual(fail('badge.blocked'));
    await on.badges.assign(ids.ann, annsBadge, by);
    expect(await present(annsBadge)).toEqual(ok(null));
  });

  test('is the backend’s to judge: what it says of it afterwards holds', async () => {
    await on.badges.assign(ids.ann, cleosBadge, by);
    badgesOf({ [ids.bob]: [{ hash: hashOf(cleosBadge) }] });
    expect(await state()).toEqual([ids.bob, false]);
    const since = on.clock.now() + 1;
    badgesOf({ [ids.bob]: [], [ids.ann]: [{ hash: hashOf(cleosBadge), blocked: true, since }] });
    expect(await state()).toEqual([ids.ann, true]);
  });

  test('is nobody else’s while it is blocked, and whoever holds it by the backend’s word goes first', async () => {
    await on.badges.block(ids.ann, by);
    expect(await on.badges.assign(ids.bob, annsBadge, by)).toEqual(fail('badge.blocked_of_another'));
    badgesOf({
      [ids.ann]: [{ hash: hashOf(cleosBadge), blocked: true }],
      [ids.bob]: [{ hash: hashOf(cleosBadge) }],
    });
    expect(await state()).toEqual([ids.bob, false]);
  });

  test('here, and to somebody else meanwhile by the backend, is not theirs any more', async () => {
    await on.badges.assign(ids.ann, cleosBadge, by);
    badgesOf({ [ids.bob]: [{ hash: hashOf(cleosBadge), blocked: true }] });
    expect(await state()).toEqual([ids.bob, true]);
    expect(on.badges.count(ids.ann)).toBe(1);
    expect(on.badges.isActive(ids.ann, hashOf(cleosBadge))).toBe(false);
    const anew = createBadgesOnBench(on.data, { recordNow: () => Promise.resolve(ok(null)) });
    expect(await anew.find(cleosBadge)).toMatchObject(ok({ staffId: ids.bob, blocked: true }));
  });

  test('alone is blocked, and the others stay', async () => {
    await on.badges.assign(ids.ann, cleosBadge, by);
    expect(await on.badges.block(ids.ann, by, idOf(annsBadge))).toEqual(ok(null));
    expect(await on.badges.block(ids.ann, by, idOf(bobsBadge))).toEqual(fail('badge.unknown'));
    expect(on.data.events.at(-1)).toMatchObject({ kind: 'badge_blocked', badges: [hashOf(annsBadge)] });
    expect(on.data.events.at(-1)).not.toHaveProperty('allBadges');
    await on.clock.advance(1_000);
    await on.badges.assign(ids.ann, '77003344', by);
    const [now, before] = [on.clock.now(), on.clock.now() - 1_000];
    expect(await on.badges.list(ids.ann)).toEqual(
      ok({
        badges: [
          { badgeId: idOf('77003344'), blocked: false, since: now },
          { badgeId: idOf(annsBadge), blocked: true, since: before },
          { badgeId: idOf(cleosBadge), blocked: false, since: before },
        ],
      }),
    );
  });

  test('is one of as many as a person’s document holds', async () => {
    const hashes = Array.from({ length: mostBadges }, (_, at) => ({ hash: hashOf(`10000${at}`) }));
    badgesOf({ [ids.ann]: hashes });
    expect(await on.badges.assign(ids.ann, cleosBadge, by)).toEqual(
      fail('badge.too_many', { most: mostBadges }),
    );
    await on.badges.block(ids.ann, by, idOf('100000'));
    expect(await on.badges.assign(ids.ann, cleosBadge, by)).toEqual(ok(null));
  });

  test('is one more than they can have where another kiosk gave one meanwhile: it does not count, and all are blocked', async () => {
    const hashes = Array.from({ length: mostBadges }, (_, at) => ({ hash: hashOf(`10000${at}`) }));
    badgesOf({ [ids.ann]: hashes.slice(1) });
    await on.badges.assign(ids.ann, cleosBadge, by);
    badgesOf({ [ids.ann]: hashes });
    expect(await state()).toBeNull();
    await on.badges.block(ids.ann, by);
    expect(on.data.events.at(-1)).toMatchObject({ allBadges: true, badges: hashes.map(({ hash }) => hash) });
    expect(accessEventSchema.safeParse(on.data.events.at(-1)).success).toBe(true);
    expect(on.badges.count(ids.ann)).toBe(0);
  });

  test('and is blocked by the back office is blocked here once that is pulled, whatever was done here before', async () => {
    await on.badges.assign(ids.ann, cleosBadge, by);
    const given = { hash: hashOf(cleosBadge), since: on.clock.now() };
    await on.badges.block(ids.ann, by, idOf(cleosBadge));
    await on.badges.assign(ids.ann, cleosBadge, by);
    badgesOf({ [ids.ann]: [given] });
    on.data.settle();
    await on.clock.advance(1_000);
    badgesOf({ [ids.ann]: [{ ...given, blocked: true, since: on.clock.now() }] });
    await expect.poll(state).toEqual([ids.ann, true]);
    // The other way round, nobody is locked out.
    badgesOf({ [ids.ann]: [given] });
    await on.badges.block(ids.ann, by);
    expect(await state()).toEqual([ids.ann, true]);
    on.data.settle();
    await expect.poll(state).toEqual([ids.ann, false]);
  });

  test('is not given where the disk takes no event of it', async () => {
    on.data.diskFull = true;
    expect(await on.badges.assign(ids.ann, cleosBadge, by)).toEqual(fail('storage.disk_full'));
    expect(await on.badges.block(ids.ann, by)).toEqual(fail('storage.disk_full'));
    expect(await state()).toBeNull();
    expect(on.badges.count(ids.ann)).toBe(1);
  });
});

test('a number is the same however it is written, and zeros before it count', () => {
  const alphabet = Array.from('0123456789ABCDEF');
  const numbers = fc.string({ unit: fc.constantFrom(...alphabet), minLength: 5, maxLength: 30 });
  fc.assert(
    fc.property(
      numbers.filter((one) => /\d/.test(one)),
      (number) => {
        const pairs = number.match(/.{1,2}/g) ?? [];
        for (const written of [
          number,
          ` ${number.toLowerCase()}\r`,
          pairs.join(':'),
          `]C1${number}`,
          `;${number}=99?`,
        ])
          expect(badgeNumberOf(written)).toBe(number);
        expect(badgeNumberOf(`0${number}`)).toBe(`0${number}`);
      },
    ),
  );
  expect(['', '1234', 'badges', '?'.repeat(9)].map(badgeNumberOf)).toEqual([null, null, null, null]);
});
