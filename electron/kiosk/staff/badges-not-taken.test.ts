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
      ...{ kioskId: ids.kiosk, at: clock.now(), kind: 'badge_assigned', staffId: ids.bob },
      ...{ serialNumber: null, attemptId: null, errorCode: null, offline: true, stageMs: {} },
      badges: [hash],
      approver: { staffId: ids.ann, method: 'pin' },
    };
  };
  const badges = await start();
  const told = () => firstValueFrom(badges.notTaken$);
  return { notes, clock, done$, staff$, given, badges, told, start };
};
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

test('it is forgotten with the kiosk', async () => {
  const { notes, done$, given, badges, told } = await setUp();
  done$.next([given()]);
  done$.next([]);
  await badges.forgetAll();
  expect(await told()).toEqual([]);
  expect(await notes.readNote('badges-not-taken')).toBeFalsy();
});
