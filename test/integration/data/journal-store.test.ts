/** What is delivered of the journal, what counts as waiting, and what goes: over restarts, restores and wrong clocks. */
import { firstValueFrom } from 'rxjs';
import { expect, it } from 'vitest';
import { composeEvent, storeRow, uuid } from '#support/documents.ts';
import { FakeBackend } from './fake-backend.ts';
import { openKiosk } from './kiosk-under-test.ts';
import { openData } from './open-data.ts';

const day = 24 * 3600_000;

it('events whose numbers are given a second time are delivered, over a restart too', async () => {
  const first = await openData();
  for (let n = 1; n <= 5; n += 1) await first.data.appendAccessEvent(composeEvent(uuid(n)));
  first.data.replica.acknowledgeEvents(5, []);
  // What is lost with a damaged file.
  first.connection.exec(`DELETE FROM documents WHERE id IN ('${uuid(4)}', '${uuid(5)}')`);
  await first.data.dispose();
  const second = await openData(first.path);
  for (let n = 6; n <= 8; n += 1) await second.data.appendAccessEvent(composeEvent(uuid(n)));
  expect(await firstValueFrom(second.data.replica.waiting$)).toBe(3);
  await second.data.dispose();
  const third = await openData(first.path);
  expect(await firstValueFrom(third.data.replica.waiting$)).toBe(3);
  const waiting = await third.data.replica.unacknowledgedEvents(10);
  expect(waiting.map(({ eventId }) => eventId)).toEqual([uuid(6), uuid(7), uuid(8)]);
});

it('what has been pruned does not wait for a backend that has gone back', async () => {
  const { data, path } = await openData();
  for (let n = 1; n <= 5; n += 1) await data.appendAccessEvent(composeEvent(uuid(n), 1000));
  data.replica.acknowledgeEvents(5, []);
  data.replica.settle(5);
  expect(await data.replica.pruneEvents(100 * day)).toBe(4);
  data.replica.forgetAcknowledgements();
  expect(await firstValueFrom(data.replica.waiting$)).toBe(1);
  await data.dispose();
  const again = await openData(path);
  expect(await firstValueFrom(again.data.replica.waiting$)).toBe(1);
});

it('a long journal goes in small steps, and what was refused of it is no longer counted', async () => {
  const { data } = await openData();
  for (let n = 1; n <= 250; n += 1) await data.appendAccessEvent(composeEvent(uuid(n), 1000));
  data.replica.acknowledgeEvents(250, [7]);
  data.replica.settle(250);
  expect(await firstValueFrom(data.replica.invalidRows$)).toBe(1);
  const pruned: number[] = [];
  while (pruned.at(-1) !== 0) pruned.push(await data.replica.pruneEvents(100 * day));
  expect(pruned).toEqual([100, 100, 49, 0]);
  expect(await firstValueFrom(data.replica.invalidRows$)).toBe(0);
  expect((await data.accessEventsAfter(0)).map(({ sequence }) => sequence)).toEqual([250]);
});

it('a wrong clock of the machine prunes nothing that is younger than 90 days', async () => {
  const backend = await FakeBackend.create();
  backend.put('store', storeRow());
  const { sync, data, clock } = await openKiosk(backend);
  const truth = clock.now();
  backend.now = () => truth + clock.monotonic();
  for (let n = 1; n <= 5; n += 1) await data.appendAccessEvent(composeEvent(uuid(100 + n), truth));
  clock.jump(200 * day);
  for (let round = 0; round < 2; round += 1) expect((await sync.resync()).ok).toBe(true);
  expect((await firstValueFrom(sync.state$)).skewMs).toBeGreaterThan(199 * day);
  expect(await data.accessEventsAfter(0)).toHaveLength(5);
});

it('what was done is settled by a pull that began after its event was acknowledged, and stays so over a restart', async () => {
  const backend = await FakeBackend.create();
  backend.put('store', storeRow());
  const { sync, data, path, dispose } = await openKiosk(backend);
  const settled = () => firstValueFrom(data.settled$);
  await data.appendAccessEvent(composeEvent(uuid(101)));
  // Pulled and pushed side by side: what is pulled may be of before.
  expect((await sync.resync()).ok).toBe(true);
  expect([data.replica.acknowledged, await settled()]).toEqual([1, 0]);
  expect((await sync.resync()).ok).toBe(true);
  expect(await settled()).toBe(1);
  await dispose();
  const again = await openData(path);
  expect(await firstValueFrom(again.data.settled$)).toBe(1);
  again.data.replica.forgetAcknowledgements();
  expect(await firstValueFrom(again.data.settled$)).toBe(1);
  await again.data.erase();
  expect(await firstValueFrom(again.data.settled$)).toBe(0);
});

/** As a release that knows nothing of what is settled leaves it, with this much acknowledged. */
const fileOfBefore = async (acknowledged: number): Promise<string> => {
  const { data, path, connection } = await openData();
  for (let n = 1; n <= acknowledged; n += 1) await data.appendAccessEvent(composeEvent(uuid(n)));
  data.replica.acknowledgeEvents(acknowledged, []);
  connection.exec("DELETE FROM notes WHERE key = 'journal.settled'");
  await data.dispose();
  return path;
};

it('of a file of a release before, what is done next is settled by a pull alone, whatever start comes in between', async () => {
  const path = await fileOfBefore(3);
  const second = await openData(path);
  expect(await firstValueFrom(second.data.settled$)).toBe(3);
  await second.data.appendAccessEvent(composeEvent(uuid(4)));
  second.data.replica.acknowledgeEvents(4, []);
  await second.data.dispose();
  const third = await openData(path);
  expect(await firstValueFrom(third.data.settled$)).toBe(3);
  // Nor after everything has been erased.
  await third.data.erase();
  await third.data.appendAccessEvent(composeEvent(uuid(5)));
  third.data.replica.acknowledgeEvents(1, []);
  await third.data.dispose();
  const fourth = await openData(path);
  expect(await firstValueFrom(fourth.data.settled$)).toBe(0);
});

it('events whose numbers are given a second time are not settled by the first, whatever the backend has lost', async () => {
  const first = await openData();
  for (let n = 1; n <= 5; n += 1) await first.data.appendAccessEvent(composeEvent(uuid(n)));
  first.data.replica.acknowledgeEvents(5, []);
  first.data.replica.settle(5);
  first.data.replica.forgetAcknowledgements();
  first.connection.exec(`DELETE FROM documents WHERE id IN ('${uuid(4)}', '${uuid(5)}')`);
  await first.data.dispose();
  const second = await openData(first.path);
  await second.data.appendAccessEvent(composeEvent(uuid(6)));
  await second.data.dispose();
  const third = await openData(first.path);
  expect(await firstValueFrom(third.data.settled$)).toBe(3);
});

it('of a file of a release before, nothing that was settled is done anew after a backend has gone back', async () => {
  const path = await fileOfBefore(3);
  const second = await openData(path);
  second.data.replica.forgetAcknowledgements();
  await second.data.dispose();
  const third = await openData(path);
  expect(await firstValueFrom(third.data.settled$)).toBe(3);
});

it('an event that is not settled yet is not pruned, however old it is', async () => {
  const { data } = await openData();
  for (let n = 1; n <= 5; n += 1) await data.appendAccessEvent(composeEvent(uuid(n), 1000));
  data.replica.acknowledgeEvents(5, []);
  data.replica.settle(2);
  expect(await data.replica.pruneEvents(100 * day)).toBe(2);
  expect(data.journalOldest).toBe(3);
  data.replica.settle(5);
  expect(await data.replica.pruneEvents(100 * day)).toBe(2);
});
