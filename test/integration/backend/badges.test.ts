/** Badges at the backend: what operators do, and what events of kiosks do that arrive long after they happened. */
import { randomBytes, randomUUID } from 'node:crypto';
import { beforeEach, expect, test } from 'vitest';
import { mostBadges } from '#shared/badges/badge-number.ts';
import { createJournalWriter, type JournalWriter } from './journal-writer.ts';
import type { TestKiosk } from './test-kiosk.ts';
import { useStoreWithKiosk, type World } from './world.ts';

let world: World;
let storeId: string;
let kiosk: TestKiosk;
let journal: JournalWriter;
let ann: string;
useStoreWithKiosk((made) => ({ world, storeId, kiosk } = made));

const newHash = (): string => randomBytes(32).toString('hex');
const makePerson = async (name: string): Promise<string> => {
  const staffId = randomUUID();
  const { status } = await world.admin('PUT', `/stores/${storeId}/staff/${staffId}`, { name, pin: '482915' });
  expect(status).toBe(204);
  return staffId;
};
beforeEach(async () => {
  journal = createJournalWriter(kiosk);
  ann = await makePerson('Ann');
});

type Kind = 'badge_assigned' | 'badge_blocked';
const tell = async (kind: Kind, at: number, badges: string[], rest: object = {}): Promise<void> => {
  const approver = { staffId: randomUUID(), method: 'pin' } as const;
  const own = { serialNumber: null, attemptId: null, stageMs: {}, approver };
  const event = journal.one({ ...own, kind, at, staffId: ann, badges, ...rest });
  expect(await kiosk.push('accessEvents', [event])).toMatchObject([{ status: 'accepted' }]);
};
/** Each as `active` or `blocked`. */
const badgesNow = async (staffId = ann): Promise<Record<string, string>> => {
  const person = (await kiosk.pullAll('staff')).find((one) => one.staffId === staffId);
  const badges = person?.badges as { hash: string; blocked?: boolean }[] | undefined;
  return Object.fromEntries(
    (badges ?? []).map(({ hash, blocked }) => [hash, blocked ? 'blocked' : 'active']),
  );
};
const block = async (): Promise<void> => {
  const { status } = await world.admin('DELETE', `/stores/${storeId}/staff/${ann}/badges`);
  expect(status).toBe(204);
};
const [hour, later] = [3_600_000, () => Date.now() + 1];

test('a block of all is not overtaken by an older event that gives one, wherever each was done', async () => {
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

test('a block of all takes a badge along of which its kiosk had not heard, and none that was given later', async () => {
  const [known, unheard, next] = [newHash(), newHash(), newHash()];
  const start = Date.now() - hour;
  await tell('badge_assigned', start, [known]);
  await tell('badge_assigned', start + 1, [unheard]);
  await tell('badge_assigned', start + 10, [next]);
  await tell('badge_blocked', start + 5, [known], { allBadges: true });
  expect(await badgesNow()).toEqual({ [known]: 'blocked', [unheard]: 'blocked', [next]: 'active' });
});

test('a block of one badge leaves the others, and is not undone by an older giving of it', async () => {
  const [lost, kept] = [newHash(), newHash()];
  const start = Date.now() - hour;
  await tell('badge_assigned', start, [lost]);
  await tell('badge_blocked', start + 10, [lost]);
  await tell('badge_assigned', start + 5, [lost]);
  await tell('badge_assigned', start + 5, [kept]);
  expect(await badgesNow()).toEqual({ [lost]: 'blocked', [kept]: 'active' });
});

test('a clock that is ahead blocks nothing that is given from now on', async () => {
  const [old, given] = [newHash(), newHash()];
  await tell('badge_assigned', Date.now() - hour, [old]);
  await tell('badge_blocked', Date.now() + 24 * hour, [old], { allBadges: true });
  await tell('badge_assigned', Date.now() + hour, [given]);
  expect(await badgesNow()).toEqual({ [old]: 'blocked', [given]: 'active' });
});

test('a badge that is blocked as somebody’s is nobody else’s while they are at the store', async () => {
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

test('of as many badges as a person can have the oldest that is blocked makes room, and none that is not', async () => {
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
