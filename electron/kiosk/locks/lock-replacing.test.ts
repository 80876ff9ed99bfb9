import { firstValueFrom } from 'rxjs';
import { expect, test } from 'vitest';
import { fail, ok } from '#shared/errors/app-error.ts';
import type { AccessEvent } from '#shared/models/access-event.ts';
import type { LockDocument } from '#shared/models/documents.ts';
import { createKioskBench } from '#support/kiosk-bench.ts';
import { ids, lockRow, serial, storeRow } from '#support/kiosk-rows.ts';
import { rightsOf } from '#support/rights-bench.ts';
import { createJournal } from '../journal/journal.ts';
import { createPlaceBook } from '../journal/place-book.ts';
import { silentLogger } from '#shared/flow/logger.ts';
import { createLockNames } from './lock-names.ts';
import { createLockReplacing } from './lock-replacing.ts';

const spare = '0000051a00000077';
const fresh = '0000051a00000099';
const placeId = '30000000-0000-4000-8000-000000000001';
const elsewhere = '30000000-0000-4000-8000-000000000002';
const cabinet = { name: 'Spirits cabinet 2', group: 'Spirits' };
const signal = new AbortController().signal;

const setUp = (unsent: readonly AccessEvent[] = []) => {
  const bench = createKioskBench();
  bench.data.events.push(...unsent);
  const { data, judge } = bench;
  const journal = createJournal({
    ...bench,
    machineClock: bench.clock,
    kioskId: () => ids.kiosk,
    offline: () => true,
  });
  const names = createLockNames({
    storeLocks$: bench.storeLocks$,
    judge,
    journal,
    data: bench.data,
    clock: bench.clock,
    logger: silentLogger,
  });
  const captured: unknown[] = [];
  const replacing = createLockReplacing({
    names,
    judge,
    directory: bench.directory,
    enrolments: {
      capture: (request) => {
        captured.push(request);
        return Promise.resolve(ok({ enrolmentId: ids.enrolment }));
      },
    },
  });
  const told = (...locks: Partial<LockDocument>[]): void =>
    data.pull({ locks: locks.map((lock) => ({ ...lockRow(), ...lock })) });
  const shown = async (serialNumber: string) => {
    const lock = (await firstValueFrom(names.storeLocks$)).get(serialNumber);
    return lock && { name: lock.name, group: lock.group, place: lock.place };
  };
  const replace = (by = spare, serialNumber = serial) =>
    replacing.replace({ serialNumber, by, staffId: ids.ann }, signal);
  told({ ...cabinet, place: placeId }, { serialNumber: spare, name: spare, group: 'Spirits', place: null });
  return { ...bench, journal, names, captured, told, shown, replace };
};
const asSpare = (serialNumber: string) => ({ name: serialNumber, group: 'Spirits', place: null });
const inPlace = { ...cabinet, place: placeId };

test('a spare has the place, its name and its group at once; the lock that left is a spare under the same rule', async () => {
  const { data, shown, replace } = setUp();
  expect(await replace()).toEqual(ok({ done: true }));
  expect([await shown(spare), await shown(serial)]).toEqual([inPlace, asSpare(serial)]);
  expect(data.events.at(-1)).toMatchObject({
    kind: 'lock_replaced',
    staffId: ids.ann,
    serialNumber: serial,
    place: placeId,
    replacement: { by: spare, was: { name: spare, group: 'Spirits' }, naming: cabinet },
  });
});

test('it is so while the backend hears of it bit by bit, and then as the backend says', async () => {
  const { data, shown, told, replace } = setUp();
  await replace();
  told(
    { serialNumber: serial, ...cabinet, place: placeId },
    { serialNumber: spare, ...cabinet, place: placeId },
  );
  expect([await shown(spare), await shown(serial)]).toEqual([inPlace, asSpare(serial)]);
  const cellar = { name: 'Cellar', group: 'Spirits', place: placeId };
  data.settle();
  told({ serialNumber: serial, ...cellar }, { serialNumber: spare, ...asSpare(spare) });
  await expect.poll(async () => [await shown(spare), await shown(serial)]).toEqual([asSpare(spare), cellar]);
});

test('a place has one lock, whatever another kiosk has put there meanwhile; nothing throws that one out', async () => {
  const { data, told, shown, replace } = setUp();
  await replace();
  told({ serialNumber: serial, ...asSpare(serial) }, { serialNumber: fresh, ...inPlace });
  expect([await shown(spare), await shown(fresh)]).toEqual([asSpare(spare), inPlace]);
  expect(await replace(serial, spare)).toEqual(fail('lock.in_no_place', { serialNumber: spare }));
  expect(data.events).toHaveLength(1);
});

test('the lock of a place that was named anew meanwhile leaves it under that name', async () => {
  const { told, shown, replace } = setUp();
  await replace();
  told({ serialNumber: serial, name: 'Cellar', group: 'Spirits', place: placeId });
  expect([await shown(spare), await shown(serial)]).toEqual([
    { name: 'Cellar', group: 'Spirits', place: placeId },
    asSpare(serial),
  ]);
});

test('a lock that was put elsewhere meanwhile stays there, and the place keeps the one that it has', async () => {
  const { told, shown, replace } = setUp();
  await replace();
  const drawer = { name: 'Drawer', group: 'Spirits', place: elsewhere };
  told({ serialNumber: spare, ...drawer });
  expect([await shown(spare), await shown(serial)]).toEqual([drawer, inPlace]);
});

test('a kiosk that starts anew still shows what the backend has not heard of', async () => {
  const first = setUp();
  await first.replace();
  const again = setUp(first.data.events);
  await expect.poll(() => again.shown(spare)).toEqual(inPlace);
  expect(await again.shown(serial)).toEqual(asSpare(serial));
});

test('back again, and a spare that is named, are done from what was made of it here', async () => {
  const { names, shown, replace } = setUp();
  await replace();
  expect(await replace(serial, spare)).toEqual(ok({ done: true }));
  expect([await shown(spare), await shown(serial)]).toEqual([asSpare(spare), inPlace]);
  await names.rename(spare, { name: 'Drawer', group: 'Spirits' }, ids.ann);
  expect(await shown(spare)).toEqual({ name: 'Drawer', group: 'Spirits', place: undefined });
});

test('a lock in no group takes a place, too, and none that hangs in another', async () => {
  const { told, shown, replace } = setUp();
  const other = { serialNumber: spare, name: 'New', place: elsewhere };
  told({ serialNumber: serial, ...inPlace }, { ...other, group: 'Watches' });
  expect(await replace()).toEqual(fail('lock.in_a_place', { serialNumber: spare }));
  told({ ...other, group: '' });
  expect(await replace()).toEqual(ok({ done: true }));
  expect(await shown(spare)).toEqual(inPlace);
});

test('a lock without a place, one of another store and itself are said to be that, and nothing is done', async () => {
  const { data, told, replace } = setUp();
  expect(await replace(serial)).toEqual(fail('lock.in_a_place', { serialNumber: serial }));
  expect(await replace(spare, fresh)).toEqual(fail('lock.other_store', { serialNumber: fresh }));
  told({ serialNumber: serial, ...cabinet, place: undefined });
  for (const by of [spare, fresh])
    expect(await replace(by)).toEqual(fail('lock.in_no_place', { serialNumber: serial }));
  data.diskFull = true;
  told({ serialNumber: serial, ...inPlace });
  expect(await replace()).toEqual(fail('storage.disk_full'));
  expect(data.events).toEqual([]);
});

test('a spare stays under the rule that it was taken from', async () => {
  const { data, told, replace } = setUp();
  data.store$.next({ ...storeRow(), rights: rightsOf([{ group: 'Watches', twoPeople: true }]) });
  told({ serialNumber: spare, name: spare, group: 'Watches', place: null });
  expect(await replace()).toEqual(fail('rights.other_rule'));
  expect(data.events).toEqual([]);
});

test('a new lock is captured for it, under the name and group of the place', async () => {
  const { data, captured, shown, replace } = setUp();
  expect(await replace(fresh)).toEqual(ok({ done: false }));
  expect(captured).toEqual([{ serialNumber: fresh, ...cabinet, replaces: serial, staffId: ids.ann }]);
  expect(data.events).toEqual([]);
  expect(await shown(serial)).toEqual(inPlace);
});

test('who may add no locks replaces by none that is new', async () => {
  const { data, captured, replace } = setUp();
  data.store$.next({
    ...storeRow(),
    rights: rightsOf([], { roles: [{ roleId: 'fitter', name: 'Fitter', permissions: ['replace'] }] }),
  });
  const [ann] = data.staff$.value;
  data.staff$.next([{ ...ann!, roles: ['fitter'] }]);
  expect(await replace(fresh)).toMatchObject({ ok: false, error: { code: 'rights.not_permitted' } });
  expect(captured).toEqual([]);
  expect(await replace()).toEqual(ok({ done: true }));
});

test('each event of a lock has the place that it was in', async () => {
  const bench = setUp();
  const book = createPlaceBook();
  const journal = createJournal({
    ...bench,
    machineClock: bench.clock,
    kioskId: () => ids.kiosk,
    offline: () => true,
    placeOf: (serialNumber) => book.of(serialNumber),
  });
  await journal.record({ kind: 'unlocked', serialNumber: serial });
  book.ask((serialNumber) => bench.data.locks$.value.get(serialNumber)?.place);
  for (const serialNumber of [serial, spare, null]) await journal.record({ kind: 'unlocked', serialNumber });
  expect(bench.data.events.map(({ place }) => place)).toEqual([undefined, placeId, undefined, undefined]);
});
