import { firstValueFrom } from 'rxjs';
import { expect, test } from 'vitest';
import { fail, ok } from '#shared/errors/app-error.ts';
import type { AccessEvent } from '#shared/models/access-event.ts';
import { createKioskBench } from '#support/kiosk-bench.ts';
import { ids, lockRow, serial, storeRow } from '#support/kiosk-rows.ts';
import { rightsOf } from '#support/rights-bench.ts';
import { createJournal } from '../journal/journal.ts';
import { silentLogger } from '#shared/flow/logger.ts';
import { createLockNames } from './lock-names.ts';

const setUp = (unsent: readonly AccessEvent[] = []) => {
  const bench = createKioskBench();
  bench.data.events.push(...unsent);
  let kioskId: string | null = ids.kiosk;
  const journal = createJournal({
    ...bench,
    machineClock: bench.clock,
    kioskId: () => kioskId,
    offline: () => false,
  });
  const names = createLockNames({
    storeLocks$: bench.storeLocks$,
    judge: bench.judge,
    journal,
    data: bench.data,
    clock: bench.clock,
    logger: silentLogger,
  });
  const shown = async () => {
    const lock = (await firstValueFrom(names.storeLocks$)).get(serial);
    return lock && `${lock.group}/${lock.name}`;
  };
  const told = (name: string, group: string): void =>
    bench.data.pull({ locks: [{ ...lockRow(), name, group }] });
  const give = (name: string, group = 'Spirits') => names.rename(serial, { name, group }, ids.ann);
  told('Case 1', 'Watches');
  const revoke = (): void => {
    kioskId = null;
  };
  return { ...bench, journal, names, shown, told, give, revoke };
};

test('a lock has its new name here at once, and an event says who gave it', async () => {
  const { data, shown, give } = setUp();
  expect(await give('Case 2')).toEqual(ok(null));
  expect(await shown()).toBe('Spirits/Case 2');
  expect(data.events.at(-1)).toMatchObject({
    kind: 'lock_renamed',
    staffId: ids.ann,
    serialNumber: serial,
    renaming: { from: { name: 'Case 1', group: 'Watches' }, to: { name: 'Case 2', group: 'Spirits' } },
  });
  // What changes nothing is no event.
  const count = data.events.length;
  expect(await give('Case 2')).toEqual(ok(null));
  expect(data.events).toHaveLength(count);
});

test('it keeps that name while the backend hears of one renaming after the other, and then has the backend’s', async () => {
  const { data, shown, told, give } = setUp();
  await give('Case 2');
  await give('Case 3');
  told('Case 2', 'Spirits');
  expect(await shown()).toBe('Spirits/Case 3');
  told('Case 3', 'Spirits');
  data.settle();
  told('Case 1', 'Watches');
  await expect.poll(shown).toBe('Watches/Case 1');
});

test('what the backend has passed over is not shown for ever, and not again after a restart', async () => {
  const { data, shown, give } = setUp();
  await give('Case 2');
  expect(await shown()).toBe('Spirits/Case 2');
  data.settle();
  await expect.poll(shown).toBe('Watches/Case 1');
});

test('of two names that are given at the same moment the later one holds, here and at the backend', async () => {
  const { data, shown, told, give } = setUp();
  await Promise.all([give('Case 2'), give('Case 3')]);
  expect(data.events.map(({ renaming }) => [renaming?.from.name, renaming?.to.name])).toEqual([
    ['Case 1', 'Case 2'],
    ['Case 2', 'Case 3'],
  ]);
  told('Case 2', 'Spirits');
  expect(await shown()).toBe('Spirits/Case 3');
});

test('a kiosk that is revoked meanwhile gives no name that nobody would hear of', async () => {
  const { names, shown, revoke, give } = setUp();
  revoke();
  expect(await give('Case 2')).toEqual(fail('lock.other_store', { serialNumber: serial }));
  expect(await shown()).toBe('Watches/Case 1');
  names.dispose();
});

test('a name that was given elsewhere meanwhile is shown', async () => {
  const { shown, told, give } = setUp();
  await give('Case 2');
  told('By headquarters', 'Watches');
  expect(await shown()).toBe('Watches/By headquarters');
});

test('a kiosk that starts anew still shows what the backend has not heard of', async () => {
  const first = setUp();
  await first.give('Case 2');
  const again = setUp(first.data.events);
  await expect.poll(again.shown).toBe('Spirits/Case 2');
  again.names.forgetAll();
  expect(await again.shown()).toBe('Watches/Case 1');
});

test('another store’s lock has no name to give, and a full disk takes none: not later, either', async () => {
  const { data, names, shown, give, journal } = setUp();
  const stranger = '0000051a0000ffff';
  expect(await names.rename(stranger, { name: 'Mine', group: '' }, ids.ann)).toEqual(
    fail('lock.other_store', { serialNumber: stranger }),
  );
  data.diskFull = true;
  // Neither where nothing waits for the disk yet, nor behind what does.
  expect(await give('Case 2')).toEqual(fail('storage.disk_full'));
  await journal.record({ kind: 'signed_out' });
  expect(await give('Case 2')).toEqual(fail('storage.disk_full'));
  data.diskFull = false;
  await journal.catchUp();
  expect(data.events.map(({ kind }) => kind)).not.toContain('lock_renamed');
  expect(await shown()).toBe('Watches/Case 1');
});

test('a lock leaves the rule of its group for no other, however the group is written; its name is free', async () => {
  const { data, shown, give } = setUp();
  const hours = { weekly: [{ days: [1], from: '08:00', until: '18:00' }], exceptions: [] };
  const rules = [
    { group: null, schedule: hours },
    { group: 'watches', twoPeople: true } as const,
    { group: 'Spirits' },
  ];
  data.store$.next({ ...storeRow(), rights: rightsOf(rules) });
  for (const group of ['', 'Shelves', 'Spirits'])
    expect(await give('Case 1', group)).toEqual(fail('rights.other_rule'));
  expect(data.events).toEqual([]);
  expect(await give('Case 2', 'WATCHES')).toEqual(ok(null));
  expect(await shown()).toBe('WATCHES/Case 2');
});

test('between groups of one rule, and out of one that none holds for, a lock goes freely', async () => {
  const { data, shown, give } = setUp();
  data.store$.next({ ...storeRow(), rights: rightsOf([{ group: 'Spirits', twoPeople: true }]) });
  expect(await give('Case 1', 'Shelves')).toEqual(ok(null));
  data.store$.next({ ...storeRow(), rights: rightsOf([{ group: null, twoPeople: true }]) });
  expect(await give('Case 1', 'Wines')).toEqual(ok(null));
  data.store$.next({ ...storeRow(), rights: rightsOf([{ group: 'Spirits', twoPeople: true }]) });
  expect(await give('Case 1', 'Spirits')).toEqual(ok(null));
  expect(await shown()).toBe('Spirits/Case 1');
});

test('a rule that is not understood keeps its locks where they are', async () => {
  const { data, give } = setUp();
  data.store$.next({ ...storeRow(), rights: { ...rightsOf([]), rules: 'all' } });
  expect(await give('Case 1', 'Shelves')).toEqual(fail('rights.other_rule'));
});
