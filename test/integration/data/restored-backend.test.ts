import { setImmediate } from 'node:timers/promises';
import { firstValueFrom } from 'rxjs';
import { expect, it } from 'vitest';
import { pulledNames } from '#kiosk/data/replica.ts';
import {
  composeEvent,
  enrolmentOf,
  keyRow,
  lockRow,
  serial,
  staffRow,
  storeRow,
  uuid,
} from '#support/documents.ts';
import { FakeBackend } from './fake-backend.ts';
import { openKiosk } from './kiosk-under-test.ts';
import { openData } from './open-data.ts';

it('agrees with a backend that was restored from a backup, and gives back what only it still has', async () => {
  const backend = await FakeBackend.create();
  backend.put('store', storeRow());
  const { sync, data } = await openKiosk(backend);
  backend.put('staff', staffRow(1));
  backend.put('locks', lockRow(1));
  await sync.resync();
  const restore = backend.backUp();
  backend.put('staff', staffRow(2));
  backend.put('locks', lockRow(2));
  backend.put('keyCertificates', keyRow(2));
  await data.putEnrolment(enrolmentOf(3));
  await data.appendAccessEvent(composeEvent(uuid(60)));
  backend.onStored = (document) => ('state' in document ? { ...document, state: 'registered' } : document);
  backend.put('enrolments', enrolmentOf(4, { kioskId: uuid(9), state: 'submitted' }));
  await sync.resync();
  await sync.resync();
  expect((await data.enrolment(uuid(3)))?.state).toBe('registered');
  expect((await data.enrolment(uuid(4)))?.state).toBe('submitted');

  restore();
  expect(backend.table('accessEvents').size).toBe(0);
  backend.onStored = (document) => ('state' in document ? { ...document, state: 'submitted' } : document);
  for (let round = 0; round < 2; round += 1) expect((await sync.resync()).ok).toBe(true);
  expect((await firstValueFrom(data.staff$)).map(({ staffId }) => staffId)).toEqual([uuid(1)]);
  expect([...(await firstValueFrom(data.locks$)).keys()]).toEqual([serial(1), serial(2)]);
  expect(await firstValueFrom(data.keySerials$)).toEqual(new Set([serial(2)]));
  expect(backend.table('accessEvents').size).toBe(1);
  expect(backend.table('enrolments').get(uuid(3))?.document['state']).toBe('submitted');
  expect((await data.enrolment(uuid(3)))?.state).toBe('submitted');
  expect(await data.enrolment(uuid(4))).toBeNull();
  // Else each round from now on would bring everything once more.
  expect(pulledNames.filter((name) => data.replica.isTakenAnew(name))).toEqual([]);
  expect(data.replica.cursor('staff')).toBeGreaterThan(0);
});

it('what was taken again only in part is taken again from the start, and reconciled', async () => {
  const backend = await FakeBackend.create();
  backend.put('store', storeRow());
  const { sync, data } = await openKiosk(backend);
  backend.put('staff', staffRow(1));
  await sync.resync();
  const restore = backend.backUp();
  backend.put('staff', staffRow(2));
  await data.putEnrolment(enrolmentOf(3));
  backend.onStored = (document) => ('state' in document ? { ...document, state: 'registered' } : document);
  for (let round = 0; round < 2; round += 1) await sync.resync();
  expect((await data.enrolment(uuid(3)))?.state).toBe('registered');

  restore();
  backend.onStored = (document) => ('state' in document ? { ...document, state: 'submitted' } : document);
  for (const name of ['staff', 'enrolments']) {
    let asked = 0;
    const second = `GET /v1/sync/${name}`;
    backend.fault = (request) => (request === second && (asked += 1) === 2 ? 'unreachable' : null);
    expect((await sync.resync()).ok).toBe(false);
    expect(asked).toBe(2);
  }
  backend.fault = () => null;
  for (let round = 0; round < 3; round += 1) expect((await sync.resync()).ok).toBe(true);
  expect((await firstValueFrom(data.staff$)).map(({ staffId }) => staffId)).toEqual([uuid(1)]);
  expect(backend.table('enrolments').get(uuid(3))?.document['state']).toBe('submitted');
});

it('events that it has lost are delivered again though a push of newer ones was under way', async () => {
  const backend = await FakeBackend.create();
  backend.put('store', storeRow());
  const { sync, data } = await openKiosk(backend);
  await sync.resync();
  const restore = backend.backUp();
  backend.put('store', { ...storeRow(), name: 'Changed' });
  for (let n = 1; n <= 5; n += 1) await data.appendAccessEvent(composeEvent(uuid(100 + n)));
  expect((await sync.resync()).ok).toBe(true);
  expect(backend.table('accessEvents').size).toBe(5);

  restore();
  await data.appendAccessEvent(composeEvent(uuid(106)));
  const arrived = Promise.withResolvers<undefined>();
  backend.arrival = async (request) => {
    if (request === 'POST /v1/sync/accessEvents') await arrived.promise;
    // The last of the pull, with time to take in what it brings.
    if (request !== 'GET /v1/sync/enrolments') return;
    for (let turn = 0; turn < 200; turn += 1) await setImmediate();
    arrived.resolve(undefined);
  };
  for (let round = 0; round < 4; round += 1) expect((await sync.resync()).ok).toBe(true);
  expect(await firstValueFrom(data.replica.waiting$)).toBe(0);
  expect(backend.table('accessEvents').size).toBe(6);
});

it('an event that it had refused and takes now is named refused no more', async () => {
  const backend = await FakeBackend.create();
  backend.put('store', storeRow());
  const { sync, data, state } = await openKiosk(backend);
  await sync.resync();
  const restore = backend.backUp();
  backend.put('store', { ...storeRow(), name: 'Changed' });
  for (let n = 1; n <= 2; n += 1) await data.appendAccessEvent(composeEvent(uuid(100 + n)));
  backend.isInvalid = (document) => document['eventId'] === uuid(101);
  expect((await sync.resync()).ok).toBe(true);
  const refusedNow = () => [1, 2].map((sequence) => data.isRefusedEvent(sequence));
  expect(refusedNow()).toEqual([true, false]);
  expect((await state(() => true)).invalidRows).toBe(1);

  restore();
  backend.isInvalid = () => false;
  for (let round = 0; round < 3; round += 1) expect((await sync.resync()).ok).toBe(true);
  expect(backend.table('accessEvents').size).toBe(2);
  expect(refusedNow()).toEqual([false, false]);
  expect((await state(() => true)).invalidRows).toBe(0);
});

it('what this kiosk captured under an earlier name is captured again under its new one', async () => {
  const { data } = await openData();
  const before = enrolmentOf(3, { kioskId: uuid(1) });
  await data.putEnrolment(before);
  await data.appendAccessEvent(composeEvent(uuid(50), 5000, uuid(1)));
  const master = { ...before, state: 'registered', version: 7 } as const;
  await data.replica.settleEnrolment(before, { status: 'accepted', master });
  await data.replica.adoptEnrolments(uuid(9));
  await data.replica.reconcile('enrolments', new Set(), uuid(9));
  expect(data.replica.pendingEnrolments(10)).toMatchObject([
    { enrolmentId: uuid(3), kioskId: uuid(9), state: 'captured', version: 0 },
  ]);
});
