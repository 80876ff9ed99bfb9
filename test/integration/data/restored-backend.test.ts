import { firstValueFrom } from 'rxjs';
import { expect, it } from 'vitest';
import { composeEvent, enrolmentOf, keyRow, lockRow, serial, staffRow, storeRow, uuid } from './documents.ts';
import { FakeBackend } from './fake-backend.ts';
import { openKiosk } from './kiosk-under-test.ts';

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
});
