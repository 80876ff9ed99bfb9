/** Badges at the backend: what operators do, and what events of kiosks do that arrive long after they happened. */
import { randomBytes, randomUUID } from 'node:crypto';
import { describe, expect } from 'vitest';
import { mostBadges } from '#shared/badges/badge-number.ts';
import { createSettlePeople } from '#backend/people/settling.ts';
import { silentLogger } from '#shared/flow/logger.ts';
import { createJournalWriter } from './journal-writer.ts';
import { storeTest } from './store-test.ts';

const newHash = (): string => randomBytes(32).toString('hex');

type Kind = 'badge_assigned' | 'badge_blocked';

const test = storeTest.extend('scene', { auto: true }, async ({ world, storeId, kiosk }) => {
  const makePerson = async (name: string): Promise<string> => {
    const staffId = randomUUID();
    const { status } = await world.admin('PUT', `/stores/${storeId}/staff/${staffId}`, {
      name,
      pin: '482915',
    });
    expect(status).toBe(204);
    return staffId;
  };
  const tell = async (kind: Kind, at: number, badges: string[], rest: object = {}): Promise<void> => {
    const approver = { staffId: randomUUID(), method: 'pin' } as const;
    const own = { serialNumber: null, attemptId: null, stageMs: {}, approver };
    const event = journal.one({ ...own, kind, at, staffId: ann, badges, ...rest });
    expect(await kiosk.push('accessEvents', [event])).toMatchObject([{ status: 'accepted' }]);
  };
  /** Each as `active` or `blocked`. */
  const badgesNow = async (staffId = ann, at = kiosk): Promise<Record<string, string>> => {
    const person = (await at.pullAll('staff')).find((one) => one.staffId === staffId);
    const badges = person?.badges as { hash: string; blocked?: boolean }[] | undefined;
    return Object.fromEntries(
      (badges ?? []).map(({ hash, blocked }) => [hash, blocked ? 'blocked' : 'active']),
    );
  };
  const block = async (): Promise<void> => {
    const { status } = await world.admin('DELETE', `/stores/${storeId}/staff/${ann}/badges`);
    expect(status).toBe(204);
  };
  const journal = createJournalWriter(kiosk);
  const ann = await makePerson('Ann');
  return { block, tell, badgesNow, makePerson, ann };
});
const [hour, later] = [3_600_000, () => Date.now() + 1];

test('a block of all is not overtaken by an older event that gives one, wherever each was done', async ({
  scene: { block, tell, badgesNow },
}) => {
  const [first, second, third] = [newHash(), newHash(), newHash()];
  await block();
  await tell('badge_assigned', Date.now() - hour, [first]);
  expect(await badgesNow()).toEqual({ [first]: 'blocked' });
  // What is given after it is theirs, be it that badge.
  await tell('badge_assigned', later(), [second]);
  await tell('badge_assigned', later(), [first]);
  expect(await badgesNow()).toEqual({ [first]: 'active', [second]: 'active' });

  // Blocked at a kiosk that has not heard of the third.
  const at = Date.now() + 10;
  await expect.poll(() => Date.now()).toBeGreaterThan(at);
  await tell('badge_blocked', at, [first, second], { allBadges: true });
  await tell('badge_assigned', at - 5, [third]);
  expect(await badgesNow()).toEqual({ [first]: 'blocked', [second]: 'blocked', [third]: 'blocked' });
});

test('a block of all takes a badge along of which its kiosk had not heard, and none that was given later', async ({
  scene: { tell, badgesNow },
}) => {
  const [known, unheard, next] = [newHash(), newHash(), newHash()];
  const start = Date.now() - hour;
  await tell('badge_assigned', start, [known]);
  await tell('badge_assigned', start + 1, [unheard]);
  await tell('badge_assigned', start + 10, [next]);
  await tell('badge_blocked', start + 5, [known], { allBadges: true });
  expect(await badgesNow()).toEqual({ [known]: 'blocked', [unheard]: 'blocked', [next]: 'active' });
});

test('a block of one badge leaves the others, and is not undone by an older giving of it', async ({
  scene: { tell, badgesNow },
}) => {
  const [lost, kept] = [newHash(), newHash()];
  const start = Date.now() - hour;
  await tell('badge_assigned', start, [lost]);
  await tell('badge_blocked', start + 10, [lost]);
  await tell('badge_assigned', start + 5, [lost]);
  await tell('badge_assigned', start + 5, [kept]);
  expect(await badgesNow()).toEqual({ [lost]: 'blocked', [kept]: 'active' });
});

test('a clock that is ahead blocks nothing that is given from now on', async ({
  scene: { tell, badgesNow },
}) => {
  const [old, given] = [newHash(), newHash()];
  await tell('badge_assigned', Date.now() - hour, [old]);
  await tell('badge_blocked', Date.now() + 24 * hour, [old], { allBadges: true });
  await tell('badge_assigned', Date.now() + hour, [given]);
  expect(await badgesNow()).toEqual({ [old]: 'blocked', [given]: 'active' });
});

test('a badge that is blocked as somebody’s is nobody else’s while they are at the store', async ({
  world,
  storeId,
  scene: { makePerson, ann, block, badgesNow, tell },
}) => {
  const bob = await makePerson('Bob');
  const badges = `/stores/${storeId}/staff`;
  const number = '77001122';
  expect((await world.admin('PUT', `${badges}/${ann}/badges`, { number })).status).toBe(204);
  await block();
  const refused = await world.admin('PUT', `${badges}/${bob}/badges`, { number });
  expect([refused.status, refused.body]).toMatchObject([
    409,
    { error: { code: 'badge.blocked_of_another' } },
  ]);
  const [hash = ''] = Object.keys(await badgesNow());
  await tell('badge_assigned', later(), [hash], { staffId: bob });
  expect([await badgesNow(), await badgesNow(bob)]).toEqual([{ [hash]: 'blocked' }, {}]);
  expect((await world.admin('DELETE', `${badges}/${ann}`)).status).toBe(204);
  expect((await world.admin('PUT', `${badges}/${bob}/badges`, { number })).status).toBe(204);
  expect(await badgesNow(bob)).toEqual({ [hash]: 'active' });
});

test('of as many badges as a person can have the oldest that is blocked makes room, and none that is not', async ({
  scene: { tell, badgesNow },
}) => {
  const hashes = Array.from({ length: mostBadges }, newHash);
  for (const hash of hashes) await tell('badge_assigned', later(), [hash]);
  const more = newHash();
  await tell('badge_assigned', later(), [more]);
  expect(await badgesNow()).not.toHaveProperty(more);
  await tell('badge_blocked', later(), hashes.slice(4, 6));
  await tell('badge_assigned', later(), [more]);
  const now = await badgesNow();
  expect(Object.keys(now)).toHaveLength(mostBadges);
  expect(now[hashes[4] ?? '']).toBeUndefined();
  expect([now[hashes[5] ?? ''], now[more]]).toEqual(['blocked', 'active']);
});

describe('a badge of two people who would meet in a store', () => {
  const number = '77001122';
  const lead = { roles: ['lead'] };
  const shared = (storeId: string, person: string, staffId: string) => ({
    status: 409,
    body: {
      error: { code: 'operator.badge_shared', params: { person, staffId, store: 'A store', storeId } },
    },
  });
  const sharedTest = test.extend('shares', { auto: true }, async ({ world, storeId, scene: { ann } }) => {
    const give = (at: string, staffId: string) =>
      world.admin('PUT', `/stores/${at}/staff/${staffId}/badges`, { number });
    const assign = (staffId: string, assignments: readonly object[], more: object = {}) =>
      world.admin('PUT', `/people/${staffId}`, { name: 'Bob', assignments, ...more });
    const south = await world.makeKiosk(await world.makeStore());
    const [district, bob] = [randomUUID(), randomUUID()];
    await world.admin('PUT', `/districts/${district}`, { name: 'South' });
    expect((await give(storeId, ann)).status).toBe(204);
    expect((await assign(bob, [{ ...lead, storeId: south.storeId }], { pin: '582047' })).status).toBe(200);
    expect((await give(south.storeId, bob)).status).toBe(204);
    return { give, assign, south, district, bob };
  });

  sharedTest(
    'is refused where one is assigned to it, with the other and the store; what is no new store is not',
    async ({ world, storeId, kiosk, scene: { ann, badgesNow }, shares: { assign, south, bob } }) => {
      const both = [
        { ...lead, storeId: south.storeId },
        { ...lead, storeId },
      ];
      expect(await assign(bob, both)).toEqual(shared(storeId, 'Ann', ann));
      expect(await assign(bob, [lead])).toEqual(shared(storeId, 'Ann', ann));
      expect((await kiosk.pullAll('staff')).map((row) => row.staffId)).toEqual([ann]);
      expect((await assign(bob, [{ roles: ['auditor'], storeId: south.storeId }])).status).toBe(200);
      // Both assigned, and known there before its store has followed.
      expect((await assign(ann, [{ ...lead, storeId }], { name: 'Ann' })).status).toBe(200);
      expect(await assign(ann, both, { name: 'Ann' })).toEqual(shared(south.storeId, 'Bob', bob));
      await world.admin('DELETE', `/stores/${south.storeId}/staff/${bob}/badges`);
      expect((await assign(bob, both)).status).toBe(200);
      expect([Object.values(await badgesNow(ann)), await badgesNow(bob)]).toEqual([['active'], {}]);
    },
  );

  sharedTest(
    'is refused where a store comes to one’s district',
    async ({
      world,
      storeId,
      kiosk,
      scene: { ann, block, badgesNow },
      shares: { assign, district, bob },
    }) => {
      expect((await assign(bob, [{ ...lead, districtId: district }])).status).toBe(200);
      const move = () => world.admin('PUT', `/stores/${storeId}/district`, { districtId: district });
      expect(await move()).toEqual(shared(storeId, 'Ann', ann));
      expect((await kiosk.pullAll('staff')).map((row) => row.staffId)).toEqual([ann]);
      // As the refusal says: one's are blocked, and it is the other's.
      await block();
      const other = { number: '88001122' };
      await world.admin('PUT', `/stores/${storeId}/staff/${ann}/badges`, other);
      expect((await move()).status).toBe(204);
      expect(Object.values(await badgesNow(ann))).toEqual(['blocked', 'active']);
      expect(Object.values(await badgesNow(bob))).toEqual(['active']);
    },
  );

  sharedTest(
    'is blocked also where neither is at a store yet: at the one that they are to come to',
    async ({ world, scene: { ann, badgesNow }, shares: { assign, district, bob } }) => {
      const there = [{ ...lead, districtId: district }];
      for (const [who, name] of [[ann, 'Ann'] as const, [bob, 'Bob'] as const])
        expect((await assign(who, there, { name, pin: '582047' })).status).toBe(200);
      const fresh = await world.makeKiosk(await world.makeStore());
      const at = `/stores/${fresh.storeId}`;
      const move = () => world.admin('PUT', `${at}/district`, { districtId: district });
      expect(await move()).toMatchObject({ status: 409, body: { error: { code: 'operator.badge_shared' } } });
      expect((await world.admin('DELETE', `${at}/staff/${bob}/badges`)).status).toBe(204);
      expect((await world.admin('DELETE', `${at}/staff/${randomUUID()}/badges`)).status).toBe(404);
      expect((await move()).status).toBe(204);
      expect(Object.values(await badgesNow(ann, fresh))).toEqual(['active']);
      expect(Object.values(await badgesNow(bob, fresh))).not.toContain('active');
    },
  );

  sharedTest(
    'is refused where one is given a badge that somebody has at another of their stores',
    async ({ world, storeId, scene: { ann, block }, shares: { give, assign, district, bob } }) => {
      await world.admin('DELETE', `/people/${bob}`);
      const cid = randomUUID();
      await assign(cid, [{ ...lead, districtId: district }], { name: 'Cid', pin: '582047' });
      const fresh = await world.makeStore();
      for (const each of [storeId, fresh])
        await world.admin('PUT', `/stores/${each}/district`, { districtId: district });
      expect(await give(fresh, cid)).toEqual(shared(storeId, 'Ann', ann));
      // A lost badge is no other's.
      await block();
      expect(await give(fresh, cid)).toMatchObject({ body: { error: { code: 'badge.blocked_of_another' } } });
    },
  );

  sharedTest(
    'of two calls at once one is refused, whichever it is',
    async ({ world, storeId, scene: { ann, makePerson }, shares: { give, assign, south, bob } }) => {
      await world.admin('DELETE', `/stores/${storeId}/staff/${ann}`);
      const cid = await makePerson('Cid');
      const at = { ...lead, storeId: south.storeId };
      for (let round = 0; round < 3; round += 1) {
        const answers = await Promise.all([give(storeId, cid), assign(bob, [at, { ...lead, storeId }])]);
        expect(answers.filter(({ status }) => status === 409)).toHaveLength(1);
        expect(answers.filter(({ status }) => status < 300)).toHaveLength(1);
        await assign(bob, [at]);
      }
    },
  );

  sharedTest(
    'that came there all the same is told to its kiosks as both’s, which then take it for neither’s',
    async ({
      world,
      db,
      storeId,
      scene: { badgesNow, ann, block },
      shares: { south, bob, assign, give },
    }) => {
      await db
        .updateTable('people')
        .set({
          assignments: JSON.stringify([
            { ...lead, storeId },
            { ...lead, storeId: south.storeId },
          ]),
          revision: 99,
        })
        .where('staff_id', '=', bob)
        .execute();
      await createSettlePeople({ db, tenantId: world.config.tenantId, logger: silentLogger }).all();
      const [anns, bobs] = [await badgesNow(ann), await badgesNow(bob)];
      expect(Object.values(anns)).toEqual(['active']);
      expect(bobs).toEqual(anns);
      // Blocked for one of them, it is the other's.
      const others = async () => [
        Object.values(await badgesNow(ann)),
        Object.values(await badgesNow(bob)),
        Object.values(await badgesNow(bob, south)),
      ];
      await block();
      expect(await others()).toEqual([['blocked'], ['active'], ['active']]);
      // Whatever is changed afterwards, and wherever it is given again.
      const at = { roles: ['auditor'], storeId };
      expect((await assign(bob, [at, { ...lead, storeId: south.storeId }])).status).toBe(200);
      expect(await others()).toEqual([['blocked'], ['active'], ['active']]);
      for (const each of [storeId, south.storeId]) {
        expect((await give(each, bob)).status).toBe(204);
        expect(await others()).toEqual([['blocked'], ['active'], ['active']]);
      }
      expect((await give(storeId, ann)).body).toMatchObject({ error: { code: 'badge.of_another' } });
    },
  );
});
