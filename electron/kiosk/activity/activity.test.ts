/** What is read of the journal, as it is looked for: pages, filters, a day by hour, what needs somebody. */
import { BehaviorSubject } from 'rxjs';
import { expect, it } from 'vitest';
import { FakeData } from '#support/fake-data.ts';
import { ids, lockRow, serial, staffRow } from '#support/kiosk-rows.ts';
import { another } from '#support/rights-bench.ts';
import type { ActivityFilter } from '#shared/ipc/activity.ts';
import type { AccessEvent, PlannedEvent } from '#shared/models/access-event.ts';
import type { Concerns } from '../locks/concerns.ts';
import { ManualClock } from '../platform/manual-clock.ts';
import { createActivity } from './activity.ts';
import { createDeliveries } from './deliveries.ts';

const hour = 3_600_000;
const uuid = (n: number): string => `40000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const run = uuid(900);
const erased = uuid(901);

/** Sunday 29 March 2026, 12:00 in Paris, where clocks went from 02:00 to 03:00 that night. */
const noon = Date.UTC(2026, 2, 29, 10);

const begin = async () => {
  const data = new FakeData();
  const clock = new ManualClock(noon);
  data.staff$.next([staffRow(ids.ann, 'Ann', '4711'), staffRow(ids.bob, 'Bob', '0815')]);
  data.pull({ locks: [lockRow(), lockRow(another)] });
  const concerns$ = new BehaviorSubject<Concerns>(new Map());
  const deliveries = await createDeliveries({ data, notes: data, clock });
  const activity = createActivity({
    data,
    deliveries,
    names: {
      person: (staffId) => data.staff$.value.find((one) => one.staffId === staffId)?.name ?? null,
      lock: (serialNumber) => data.locks$.value.get(serialNumber) ?? null,
      place: (placeId) =>
        [...data.locks$.value.values()].find(({ place }) => place === placeId)?.name ?? null,
      reasons: () => ({ choices: [{ code: 'customer', name: 'For a customer' }] }),
    },
    concerns$,
    timeZone: () => 'Europe/Paris',
    clock,
  });
  let made = 0;
  const add = async (rest: Partial<PlannedEvent> = {}): Promise<void> => {
    made += 1;
    const event: PlannedEvent = {
      eventId: uuid(made),
      kioskId: ids.kiosk,
      at: clock.now(),
      kind: 'unlocked',
      staffId: ids.ann,
      serialNumber: serial,
      attemptId: null,
      errorCode: null,
      offline: false,
      stageMs: {},
      ...rest,
    };
    const hash = 'f'.repeat(64);
    await data.appendAccessEvent((sequence, previousHash): AccessEvent => ({
      ...event,
      sequence,
      previousHash,
      hash,
    }));
  };
  const { signal } = new AbortController();
  const page = (filter: ActivityFilter = {}, before: number | null = null) =>
    activity.page(filter, before, signal);
  const sequences = async (filter: ActivityFilter) =>
    (await page(filter)).rows.map(({ sequence }) => sequence);
  const sumUp = (filter: ActivityFilter = {}) => activity.sumUp(filter, signal);
  return { data, clock, concerns$, add, page, sequences, sumUp, deliveries };
};

it('comes a page at a time, newest first, and each event once', async () => {
  const { add, page } = await begin();
  for (let n = 0; n < 120; n += 1) await add();
  const seen: number[] = [];
  let before: number | null = null;
  let pages = 0;
  do {
    const { rows, next } = await page({}, before);
    seen.push(...rows.map(({ sequence }) => sequence));
    before = next;
    pages += 1;
  } while (before !== null && pages < 10);
  expect(pages).toBe(3);
  expect(seen).toEqual(Array.from({ length: 120 }, (_, at) => 120 - at));
});

it('has no further page where the last row is the oldest event', async () => {
  const { add, page } = await begin();
  for (let n = 0; n < 50; n += 1) await add();
  expect((await page()).next).toBeNull();
});

it('names who is known now, and nobody who was erased', async () => {
  const { add, page } = await begin();
  await add({ staffId: erased, serialNumber: '0000051a000000ff' });
  await add({ approver: { staffId: ids.bob, method: 'pin' }, reason: { code: 'customer', number: '0042' } });
  const [whole, gone] = (await page()).rows;
  expect(whole).toMatchObject({
    person: { name: 'Ann' },
    approver: { name: 'Bob' },
    lock: { serialNumber: serial },
    group: lockRow().group,
    reason: { code: 'customer', name: 'For a customer', number: '0042' },
  });
  expect(gone).toMatchObject({ person: { staffId: erased, name: null }, lock: { name: null }, group: null });
});

it.each<[string, ActivityFilter, number[]]>([
  ['of a person, also where they confirmed', { staffId: ids.bob }, [5, 3, 2]],
  ['of a lock', { serialNumber: another }, [2]],
  ['of a group, however it is written', { group: '  case ' }, [4]],
  ['by outcome', { outcome: 'refused' }, [4, 3]],
  ['by how they proved it', { method: 'pin' }, [5]],
  ['of a day and an hour of the store', { day: '2026-03-28', hour: 23 }, [1]],
  ['of all of them at once', { staffId: ids.bob, outcome: 'opened', day: '2026-03-29' }, [5, 2]],
])('finds events %s', async (_what, filter, found) => {
  const { add, sequences } = await begin();
  await add({ at: Date.UTC(2026, 2, 28, 22, 30) });
  await add({ staffId: ids.bob, serialNumber: another });
  await add({ kind: 'sign_in_refused', staffId: ids.bob, serialNumber: null, errorCode: 'staff.wrong_pin' });
  await add({ kind: 'refused', group: 'CASE', errorCode: 'rights.outside_hours' });
  await add({ method: 'pin', approver: { staffId: ids.bob, method: 'pin' } });
  expect(await sequences(filter)).toEqual(found);
});

it('counts a day by the hours of the store’s clock, whatever the list is narrowed to', async () => {
  const { add, sumUp } = await begin();
  // 01:30 and 03:30 are an hour apart on that night.
  await add({ at: Date.UTC(2026, 2, 29, 0, 30) });
  await add({ at: Date.UTC(2026, 2, 29, 1, 30) });
  await add({ kind: 'refused', errorCode: 'rights.outside_hours' });
  // No opening was refused to whoever was not signed in.
  await add({ kind: 'sign_in_refused', staffId: null, serialNumber: null, errorCode: 'badge.unknown' });
  const { day, hours, days, people } = await sumUp({ outcome: 'opened' });
  expect(day).toBe('2026-03-29');
  expect(
    hours.flatMap(({ opened, refused }, at) => (opened + refused > 0 ? [[at, opened, refused]] : [])),
  ).toEqual([
    [1, 1, 0],
    [3, 1, 0],
    [12, 0, 1],
  ]);
  expect([days, people]).toEqual([['2026-03-29'], [{ staffId: ids.ann, name: 'Ann' }]]);
});

it('says when an event really happened, once the kiosk has learned it', async () => {
  const { add, page, clock } = await begin();
  await add({ at: 5, clock: { run, uptimeMs: 1_000, machine: 5 } });
  expect((await page()).rows[0]).toMatchObject({ at: 5, basis: 'recorded' });
  await add({
    kind: 'clock_corrected',
    staffId: null,
    serialNumber: null,
    clock: { run, uptimeMs: 61_000, machine: 60_005 },
    correction: { afterSequence: 0, checkedAt: null, byMs: clock.now() },
  });
  expect((await page()).rows[1]).toMatchObject({ at: noon - 60_000, basis: 'corrected', day: '2026-03-29' });
});

it('says since when the back office has an event, what waits, and what it did not take', async () => {
  const { data, add, page, clock, deliveries } = await begin();
  await add();
  await add();
  await add();
  data.acknowledged$.next(1);
  await clock.advance(hour);
  data.refusedEvents.add(2);
  data.acknowledged$.next(2);
  const states = async () => (await page()).rows.map(({ delivery }) => delivery);
  expect(await states()).toEqual([
    { state: 'waiting' },
    { state: 'refused' },
    { state: 'held', since: noon },
  ]);
  await deliveries.dispose();
  const again = await createDeliveries({ data, notes: data, clock });
  expect(again.of({ sequence: 1 })).toEqual({ state: 'held', since: noon });
  // The backend came back from a backup.
  data.acknowledged$.next(0);
  expect(again.of({ sequence: 1 })).toEqual({ state: 'waiting' });
});

it('does not say since when what was sent before it began to remember', async () => {
  const data = new FakeData();
  data.acknowledged$.next(7);
  const deliveries = await createDeliveries({ data, notes: data, clock: new ManualClock(noon) });
  expect(deliveries.of({ sequence: 7 })).toEqual({ state: 'held', since: null });
});

it('says what needs somebody: an unknown outcome, refusals in a row, what is not sent for long', async () => {
  const { add, sumUp, clock, concerns$ } = await begin();
  for (let n = 0; n < 3; n += 1)
    await add({
      kind: 'sign_in_refused',
      staffId: ids.bob,
      serialNumber: null,
      errorCode: 'staff.wrong_pin',
    });
  expect((await sumUp()).attention.map(({ kind }) => kind)).toEqual(['refusals']);
  await clock.advance(hour);
  concerns$.next(new Map([[serial, { unknownSince: noon, tamper: null, refused: null }]]));
  expect((await sumUp()).attention).toEqual([
    { kind: 'unknown', count: 1, lock: { serialNumber: serial, name: lockRow().name }, since: noon },
    { kind: 'refusals', count: 3, person: { staffId: ids.bob, name: 'Bob' }, at: noon },
    { kind: 'not_sent', count: 3, since: noon },
  ]);
  await add({ kind: 'signed_in', staffId: ids.bob, serialNumber: null });
  expect((await sumUp()).attention.map(({ kind }) => kind)).toEqual(['unknown', 'not_sent']);
});

it('says of a closing check what was found, and which locks were not locked', async () => {
  const { add, page } = await begin();
  const unlocked = Array.from({ length: 25 }, (_, n) => `0000051a000001${String(n).padStart(2, '0')}`);
  const found = { heardLocked: 4, seenLocked: 1, notLocked: 26, heardOpen: 2 };
  const sweep = { ...found, serialNumbers: [serial, ...unlocked] };
  await add({ kind: 'closing_sweep', serialNumber: null, sweep });
  const [row] = (await page()).rows;
  expect(row?.sweep).toMatchObject(found);
  expect(row?.sweep?.locks).toHaveLength(20);
  expect(row?.sweep?.locks[0]).toEqual({ serialNumber: serial, name: lockRow().name });
});

it('a place is one, whichever lock was in it', async () => {
  const { data, add, page, sequences } = await begin();
  const placeId = uuid(900);
  await add();
  await add({ place: placeId });
  await add({ place: uuid(901), serialNumber: another });
  await add({
    kind: 'lock_replaced',
    place: placeId,
    replacement: {
      by: another,
      was: { name: another, group: '' },
      naming: { name: 'Case 5', group: 'Perfume' },
    },
  });
  await add({ place: placeId, serialNumber: another });
  data.pull({
    locks: [
      { ...lockRow(), name: serial, place: null },
      { ...lockRow(another), name: 'Drawer', place: placeId },
    ],
  });
  expect(await sequences({ place: placeId })).toEqual([5, 4, 2]);
  const { rows } = await page({ place: placeId });
  expect(rows.map(({ lock, place }) => [lock?.name, place?.name])).toEqual(
    Array(3).fill(['Drawer', 'Drawer']),
  );
  expect(rows[1]?.replacement).toEqual({ by: another, naming: { name: 'Case 5', group: 'Perfume' } });
  // What says no place is that of its lock, as that is now.
  expect((await page({ serialNumber: serial })).rows.at(-1)?.place).toBeUndefined();
});
