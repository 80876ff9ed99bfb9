/** Registrations whose attempts go wrong half-way: a database that breaks, calls that hang, answers that say little. */
import pg from 'pg';
import { expect, test } from 'vitest';
import { someSerial, type TestKiosk } from './test-kiosk.ts';
import { eventually, useStoreWithKiosk, type World } from './world.ts';

let world: World;
let storeId: string;
let kiosk: TestKiosk;
useStoreWithKiosk((made) => ({ world, storeId, kiosk } = made));

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

test('the only copy of a key is kept though another attempt was told "already registered"', async () => {
  world.vendor.canRecover = false;
  const { enrolmentId, answer } = await underWay();
  await breakConnections();
  await world.startInstance();
  await eventually(async () => expect(await stateOf(enrolmentId)).toBe('uncertain'));
  answer();
  await eventually(async () => expect(await stateOf(enrolmentId)).toBe('registered'));
  expect(await kiosk.pullAll('keyCertificates')).toHaveLength(1);
});

test('a store can be written to while an answer waits for another attempt at the same lock', async () => {
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

test('"already registered" counts without a body that can be read', async () => {
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

test("a registration that a wrong clock has put off for a day goes on once the backend's clock is right", async () => {
  world.vendor.script.push('down');
  world.clock.offsetMs = 86_400_000;
  const { enrolmentCode, deviceCertificate, serialNumber } = kiosk.capture(someSerial());
  const lock = { serialNumber, type: 'CAM', name: 'A', group: '', enrolmentCode, deviceCertificate };
  expect((await world.admin('POST', `/stores/${storeId}/locks`, lock)).status).toBe(202);
  await eventually(() => expect(world.log.join('\n')).toContain('registration postponed'));
  world.clock.offsetMs = 0;
  await eventually(async () => expect(await kiosk.pullAll('keyCertificates')).toHaveLength(1));
});

test('an operator can end a registration that the vendor never answers for good', async () => {
  world.vendor.script.push(...Array.from({ length: 200 }, () => 'down' as const));
  const enrolment = kiosk.capture(someSerial());
  await kiosk.pushOne(enrolment);
  await eventually(() => expect(world.vendor.calls.length).toBeGreaterThan(1));
  const refuse = () =>
    world.admin('POST', `/enrolments/${enrolment.enrolmentId}/resolve`, { action: 'refuse' });
  await eventually(async () => expect((await refuse()).status).toBe(200));
  expect(await stateOf(enrolment.enrolmentId)).toBe('refused');
});

test('an operator does not end one whose call is under way', async () => {
  const { enrolmentId, answer } = await underWay();
  const { status } = await world.admin('POST', `/enrolments/${enrolmentId}/resolve`, { action: 'refuse' });
  expect(status).toBe(409);
  answer();
  await eventually(async () => expect(await stateOf(enrolmentId)).toBe('registered'));
});

test('one call that hangs keeps no other from being tried again', async () => {
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
