/** A lock that was captured to replace another takes its place in the moment in which it is ready. */
import { expect, test } from 'vitest';
import { ok } from '#shared/errors/app-error.ts';
import { createKioskBench } from '#support/kiosk-bench.ts';
import { enrolmentRow, ids, lockRow, serial } from '#support/kiosk-rows.ts';
import { createEnrolmentService } from './enrolment-service.ts';
import { createProvisioner } from './provisioner.ts';

const old = '0000051a00000077';
const placeId = '30000000-0000-4000-8000-000000000001';
const cabinet = { name: 'Spirits cabinet 2', group: 'Spirits' };
const signal = new AbortController().signal;

const setUp = async () => {
  const bench = createKioskBench();
  const { data, driver } = bench;
  const provisioner = createProvisioner(bench);
  // As the backend says it of a lock that is registered for another's place.
  const waiting = { ...lockRow(), name: serial, group: 'Spirits', place: null };
  data.pull({ locks: [{ ...lockRow(old), ...cabinet, place: placeId }, waiting] });
  driver.hear(serial, { provisioned: false });
  await data.putEnrolment(enrolmentRow({ ...cabinet, replaces: old, staffId: ids.bob }));
  const provision = () => provisioner.provision(ids.enrolment, null, signal);
  return { ...bench, provision };
};

test('both are events, that it is ready and that it has the place, by the word of whoever chose it', async () => {
  const { data, names, provision } = await setUp();
  expect(await provision()).toEqual(ok(null));
  expect(data.events.map(({ kind, staffId }) => [kind, staffId])).toEqual([
    ['lock_provisioned', null],
    ['lock_replaced', ids.bob],
  ]);
  expect(data.events.at(-1)).toMatchObject({
    serialNumber: old,
    place: placeId,
    replacement: { by: serial, was: { name: serial, group: 'Spirits' }, naming: cabinet },
  });
  let shown: unknown[] = [];
  names.storeLocks$.subscribe((locks) => {
    shown = [old, serial].map((one) => [locks.get(one)?.name, locks.get(one)?.place]);
  });
  expect(shown).toEqual([
    [old, null],
    [cabinet.name, placeId],
  ]);
});

test('it has no place to take where another lock was put there meanwhile', async () => {
  const { data, provision } = await setUp();
  data.pull({ locks: [{ ...lockRow(old), name: old, group: 'Spirits', place: null }] });
  await provision();
  expect(data.events.map(({ kind }) => kind)).toEqual(['lock_provisioned']);
});

test('a disk that takes nothing has neither; asked again, both come once', async () => {
  const { data, driver, provision } = await setUp();
  data.diskFull = true;
  expect(await provision()).toMatchObject({ error: { code: 'storage.disk_full' } });
  data.diskFull = false;
  driver.hear(serial, { provisioned: false });
  await provision();
  expect(data.events.map(({ kind }) => kind)).toEqual(['lock_provisioned', 'lock_replaced']);
});

test('what is captured says which lock it replaces, and else nothing', async () => {
  const { data, driver, ...bench } = createKioskBench();
  const enrolments = createEnrolmentService({ ...bench, data, driver, kioskId: () => ids.kiosk });
  driver.hear(serial, { provisioned: false });
  await enrolments.capture({ serialNumber: serial, ...cabinet, replaces: old, staffId: ids.ann }, signal);
  expect(data.enrolments$.value).toMatchObject([{ ...cabinet, replaces: old }]);
});
