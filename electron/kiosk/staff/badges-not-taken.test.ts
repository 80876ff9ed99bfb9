import { BehaviorSubject, firstValueFrom } from 'rxjs';
import { expect, test } from 'vitest';
import { silentLogger } from '#shared/flow/logger.ts';
import type { Badges } from '#shared/badges/badge-number.ts';
import type { PlannedEvent } from '#shared/models/access-event.ts';
import { FakeData } from '#support/fake-data.ts';
import { ids, staffRow } from '#support/kiosk-rows.ts';
import { ManualClock } from '../platform/manual-clock.ts';
import { createBadgesNotTaken } from './badges-not-taken.ts';

const hash = 'ab'.repeat(32);
const people = (bobs: Badges = []) => [
  staffRow(ids.ann, 'Ann', '4711'),
  { ...staffRow(ids.bob, 'Bob', '0815'), badges: bobs },
];

const setUp = async () => {
  const notes = new FakeData();
  const clock = new ManualClock();
  const done$ = new BehaviorSubject<readonly PlannedEvent[]>([]);
  const staff$ = new BehaviorSubject(people());
  const start = () => createBadgesNotTaken({ done$, staff$, notes, clock, logger: silentLogger });
  let count = 0;
  /** Ann gives Bob a badge. */
  const given = (): PlannedEvent => {
    count += 1;
    return {
      eventId: `00000000-0000-4000-8000-00000000000${String(count)}`,
      kioskId: ids.kiosk,
      at: clock.now(),
      kind: 'badge_assigned',
      staffId: ids.bob,
      serialNumber: null,
      attemptId: null,
      errorCode: null,
      offline: true,
      stageMs: {},
      badges: [hash],
      approver: { staffId: ids.ann, method: 'pin' },
    };
  };
  const badges = await start();
  const told = () => firstValueFrom(badges.notTaken$);
  return { notes, clock, done$, staff$, given, badges, told, start };
};
/** Ann blocks that badge of Bob's, or all that he has. */
const blocked = (event: PlannedEvent, all: boolean): PlannedEvent => ({
  ...event,
  eventId: '00000000-0000-4000-8000-0000000000ff',
  kind: 'badge_blocked',
  ...(all ? { badges: ['cd'.repeat(32)], allBadges: true } : {}),
});
const bobs = [expect.objectContaining({ staffId: ids.bob, by: ids.ann })];

test('a badge that the backend has heard of and does not have is told, over a restart', async () => {
  const { done$, given, told, start } = await setUp();
  done$.next([given()]);
  expect(await told()).toEqual([]);
  done$.next([]);
  expect(await told()).toEqual(bobs);
  expect(await firstValueFrom((await start()).notTaken$)).toEqual(bobs);
});

test.each([
  ['has', [{ hash }]],
  ['has blocked', [{ hash, blocked: true as const }]],
])('one that the backend %s is not', async (_, badges) => {
  const { done$, staff$, given, told } = await setUp();
  done$.next([given()]);
  staff$.next(people(badges));
  done$.next([]);
  expect(await told()).toEqual([]);
});

test('it is told until that person has another badge, is at the store no more, or a month is over', async () => {
  const { clock, done$, staff$, given, told } = await setUp();
  const lose = async (): Promise<void> => {
    staff$.next(people());
    done$.next([given()]);
    done$.next([]);
    expect(await told()).toEqual(bobs);
  };
  await lose();
  staff$.next(people([{ hash: 'cd'.repeat(32), since: clock.now() + 1 }]));
  expect(await told()).toEqual([]);
  await lose();
  await clock.advance(1_000);
  done$.next([given()]);
  expect(await told()).toEqual([]);
  staff$.next(people([{ hash }]));
  done$.next([]);
  await lose();
  staff$.next(people().slice(0, 1));
  expect(await told()).toEqual([]);
  await lose();
  await clock.advance(31 * 86_400_000);
  staff$.next(people());
  expect(await told()).toEqual([]);
});

test.each([
  ['that badge', false],
  ['all of theirs', true],
])('whoever blocked %s is told of it no more, whenever the backend hears of it', async (_, all) => {
  const { notes, done$, given, told } = await setUp();
  const first = given();
  // Before the backend has heard of either.
  done$.next([first]);
  done$.next([first, blocked(first, all)]);
  done$.next([]);
  expect(await told()).toEqual([]);
  // Once it has passed the badge over, before it has heard that it is blocked.
  done$.next([first]);
  done$.next([]);
  expect(await told()).toEqual(bobs);
  done$.next([blocked(first, all)]);
  expect(await told()).toEqual([]);
  done$.next([]);
  expect(await told()).toEqual([]);
  await expect.poll(() => notes.readNote('badges-not-taken'), { timeout: 10_000 }).toBeFalsy();
  // Given once more, it is told once more.
  done$.next([blocked(first, all), given()]);
  done$.next([]);
  expect(await told()).toEqual(bobs);
});

test('of somebody whose badges the back office has all blocked since it is told no more; of one alone it is', async () => {
  const { clock, done$, staff$, given, told } = await setUp();
  const old = { hash: 'cd'.repeat(32), since: clock.now() - 1 };
  const lost = { hash: 'ef'.repeat(32), since: clock.now() + 1, blocked: true as const };
  staff$.next(people([old]));
  done$.next([given()]);
  done$.next([]);
  expect(await told()).toEqual(bobs);
  staff$.next(people([old, lost]));
  expect(await told()).toEqual(bobs);
  staff$.next(people([{ ...old, since: clock.now() + 2, blocked: true }, lost]));
  expect(await told()).toEqual([]);
});

test('the block of one badge says nothing of another, nor of somebody else’s', async () => {
  const { done$, given, told } = await setUp();
  const first = given();
  done$.next([first]);
  done$.next([]);
  done$.next([{ ...blocked(first, false), badges: ['cd'.repeat(32)] }]);
  done$.next([{ ...blocked(first, true), staffId: ids.ann }]);
  expect(await told()).toEqual(bobs);
});

test('it is forgotten with the kiosk', async () => {
  const { notes, done$, given, badges, told } = await setUp();
  done$.next([given()]);
  done$.next([]);
  await badges.forgetAll();
  expect(await told()).toEqual([]);
  expect(await notes.readNote('badges-not-taken')).toBeFalsy();
});
