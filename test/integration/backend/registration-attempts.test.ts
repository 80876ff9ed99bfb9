/** Registrations whose attempts go wrong half-way: a database that breaks, calls that hang, answers that say little. */
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { expect } from 'vitest';
import type { PushResult } from '#shared/http/contract.ts';
import type { EnrolmentDocument } from '#shared/models/enrolment.ts';
import { someSerial } from './test-kiosk.ts';
import { storeTest } from './store-test.ts';
import { eventually } from './world.ts';

const test = storeTest.extend('scene', ({ world, kiosk }) => {
  const stateOf = async (enrolmentId: string): Promise<unknown> =>
    (await kiosk.pullAll('enrolments')).find((each) => each['enrolmentId'] === enrolmentId)?.['state'];
  /** Breaks the connections whose transactions hold a registration while the vendor works. */
  const breakConnections = async (): Promise<void> => {
    const { database } = world.config;
    if (database.kind !== 'server') throw new Error('no server to break the connections of');
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    await client.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE state = 'idle in transaction' AND application_name = 'latchpoint'`);
    await client.end();
  };
  /** The vendor has committed this one, and does not answer before it is told to. */
  const underWay = async () => {
    const answer = Promise.withResolvers<undefined>();
    world.vendor.hold = answer.promise;
    const enrolment = kiosk.capture(someSerial());
    await kiosk.pushOne(enrolment);
    await eventually(() => expect(world.vendor.committed).toEqual([enrolment.serialNumber]));
    return { enrolmentId: enrolment.enrolmentId, answer: () => answer.resolve(undefined) };
  };
  const giveUp = (enrolment: EnrolmentDocument): Promise<PushResult> =>
    kiosk.pushOne({ ...enrolment, state: 'abandoned', operationId: randomUUID() });
  return { underWay, breakConnections, stateOf, giveUp };
});

test('the only copy of a key is kept though another attempt was told "already registered"', async ({
  world,
  kiosk,
  scene: { underWay, breakConnections, stateOf },
}) => {
  world.vendor.canRecover = false;
  const { enrolmentId, answer } = await underWay();
  await breakConnections();
  await world.startInstance();
  await eventually(async () => expect(await stateOf(enrolmentId)).toBe('uncertain'));
  answer();
  await eventually(async () => expect(await stateOf(enrolmentId)).toBe('registered'));
  expect(await kiosk.pullAll('keyCertificates')).toHaveLength(1);
});

test('a store can be written to while an answer waits for another attempt at the same lock', async ({
  world,
  storeId,
  scene: { underWay, breakConnections, stateOf },
}) => {
  const { vendor } = world;
  const inner = vendor.fetch.bind(vendor);
  const reading = Promise.withResolvers<undefined>();
  let isReading = false;
  vendor.fetch = async (url, init) => {
    if (init.method === 'GET' && url.includes('/v1/dlock/')) {
      isReading = true;
      await reading.promise;
    }
    return inner(url, init);
  };
  const { enrolmentId, answer } = await underWay();
  await breakConnections();
  await world.startInstance();
  await eventually(() => expect(isReading).toBe(true));
  answer();
  const policy = { offlineLeaseHours: 1, idleSignOutSeconds: 120, holdOpenSeconds: 5 };
  expect((await world.admin('PUT', `/stores/${storeId}`, { name: 'Another name', policy })).status).toBe(204);
  expect(await stateOf(enrolmentId)).toBe('submitted');
  reading.resolve(undefined);
  await eventually(async () => expect(await stateOf(enrolmentId)).toBe('registered'));
});

test('given up while its call is under way, or after the vendor may have seen it, it goes on', async ({
  world,
  kiosk,
  scene: { giveUp },
}) => {
  const { vendor } = world;
  const inner = vendor.fetch.bind(vendor);
  const isLost = Promise.withResolvers<undefined>();
  vendor.fetch = async (url, init) => {
    const response = await inner(url, init);
    if (init.method !== 'POST' || !url.endsWith('/v1/dlock')) return response;
    await isLost.promise;
    // It has registered the lock, and nobody hears of it for a minute.
    return new Response(null, { status: 503, headers: { 'retry-after': '60' } });
  };
  const enrolment = kiosk.capture(someSerial());
  await kiosk.pushOne(enrolment);
  await eventually(() => expect(vendor.committed).toEqual([enrolment.serialNumber]));
  const conflict = { status: 'conflict', master: { state: 'submitted' } };
  expect(await giveUp(enrolment)).toMatchObject(conflict);
  isLost.resolve(undefined);
  await eventually(() => expect(world.log.join('\n')).toMatch(/registration postponed.*"waitMs":60000/));
  expect(await giveUp(enrolment)).toMatchObject(conflict);
  const rival = await kiosk.pushOne(kiosk.capture(enrolment.serialNumber));
  // It waits, and goes nowhere before the vendor has said what became of the first.
  expect(rival).toMatchObject({ status: 'accepted', master: { state: 'submitted' } });
  expect(vendor.calls).toEqual([enrolment.serialNumber]);
});

test('given up before its turn at the vendor has come, it is over, and its serial number is free', async ({
  world,
  kiosk,
  scene: { underWay, giveUp, stateOf },
}) => {
  const first = await underWay();
  // Of four calls at once, three are for one store.
  const lanes = [1, 2].map(() => kiosk.capture(someSerial()));
  for (const enrolment of lanes) await kiosk.pushOne(enrolment);
  await eventually(() => expect(world.vendor.committed).toHaveLength(3));
  const waiting = kiosk.capture(someSerial());
  expect(await kiosk.pushOne(waiting)).toMatchObject({ master: { state: 'submitted' } });
  expect(await giveUp(waiting)).toMatchObject({ status: 'accepted', master: { state: 'abandoned' } });
  const other = kiosk.capture(waiting.serialNumber);
  expect(await kiosk.pushOne(other)).toMatchObject({ status: 'accepted', master: { state: 'submitted' } });
  first.answer();
  await eventually(async () => expect(await stateOf(other.enrolmentId)).toBe('registered'));
  expect(world.vendor.calls.filter((serial) => serial === waiting.serialNumber)).toHaveLength(1);
});

test('"already registered" counts without a body that can be read', async ({
  world,
  kiosk,
  scene: { stateOf },
}) => {
  const { vendor } = world;
  const inner = vendor.fetch.bind(vendor);
  vendor.fetch = async (url, init) => {
    const response = await inner(url, init);
    return response.status === 409 ? new Response('already registered', { status: 409 }) : response;
  };
  vendor.script.push('lose');
  const enrolment = kiosk.capture(someSerial());
  await kiosk.pushOne(enrolment);
  await eventually(async () => expect(await stateOf(enrolment.enrolmentId)).toBe('registered'));
});

test("a registration that a wrong clock has put off for a day goes on once the backend's clock is right", async ({
  world,
  storeId,
  kiosk,
}) => {
  world.vendor.script.push('down');
  world.clock.offsetMs = 86_400_000;
  const { enrolmentCode, deviceCertificate, serialNumber } = kiosk.capture(someSerial());
  const lock = { serialNumber, type: 'CAM', name: 'A', group: '', enrolmentCode, deviceCertificate };
  expect((await world.admin('POST', `/stores/${storeId}/locks`, lock)).status).toBe(202);
  await eventually(() => expect(world.log.join('\n')).toContain('registration postponed'));
  world.clock.offsetMs = 0;
  await eventually(async () => expect(await kiosk.pullAll('keyCertificates')).toHaveLength(1));
});

test('an operator can end a registration that the vendor never answers for good', async ({
  world,
  kiosk,
  scene: { stateOf },
}) => {
  world.vendor.script.push(...Array.from({ length: 200 }, () => 'down' as const));
  const enrolment = kiosk.capture(someSerial());
  await kiosk.pushOne(enrolment);
  await eventually(() => expect(world.vendor.calls.length).toBeGreaterThan(1));
  const refuse = () =>
    world.admin('POST', `/enrolments/${enrolment.enrolmentId}/resolve`, { action: 'refuse' });
  await eventually(async () => expect((await refuse()).status).toBe(200));
  expect(await stateOf(enrolment.enrolmentId)).toBe('refused');
});

test('an operator does not end one whose call is under way', async ({
  world,
  scene: { underWay, stateOf },
}) => {
  const { enrolmentId, answer } = await underWay();
  const { status } = await world.admin('POST', `/enrolments/${enrolmentId}/resolve`, { action: 'refuse' });
  expect(status).toBe(409);
  answer();
  await eventually(async () => expect(await stateOf(enrolmentId)).toBe('registered'));
});

test('one call that hangs keeps no other from being tried again', async ({
  world,
  kiosk,
  scene: { stateOf },
}) => {
  const { vendor } = world;
  const inner = vendor.fetch.bind(vendor);
  const hanging = kiosk.capture(someSerial());
  const letGo = Promise.withResolvers<undefined>();
  vendor.fetch = async (url, init) => {
    if (typeof init.body === 'string' && init.body.includes(hanging.serialNumber)) await letGo.promise;
    return inner(url, init);
  };
  await kiosk.pushOne(hanging);
  vendor.script.push('down');
  const other = kiosk.capture(someSerial());
  await kiosk.pushOne(other);
  try {
    await eventually(async () => expect(await stateOf(other.enrolmentId)).toBe('registered'));
  } finally {
    letGo.resolve(undefined);
  }
});
