/** Whose key it is: what the vendor says is registered already is given to nobody but the enrolment that registered it. */
import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import type { EnrolmentDocument } from '#shared/models/enrolment.ts';
import { backUp } from './backup.ts';
import { someSerial, type TestKiosk } from './test-kiosk.ts';
import { storeTest } from './store-test.ts';
import { eventually } from './world.ts';

const enrolmentAt = async (at: TestKiosk, { enrolmentId }: EnrolmentDocument) =>
  (await at.pullAll('enrolments')).find((each) => each['enrolmentId'] === enrolmentId);

const reaches = (at: TestKiosk, enrolment: EnrolmentDocument, state: string) =>
  eventually(async () => expect(await enrolmentAt(at, enrolment)).toMatchObject({ state }));

const pushNew = async (at: TestKiosk, serialNumber: string): Promise<EnrolmentDocument> => {
  const captured = at.capture(serialNumber);
  expect(await at.pushOne(captured)).toMatchObject({ status: 'accepted' });
  return captured;
};

const isToldWhose = async (at: TestKiosk, enrolment: EnrolmentDocument): Promise<void> => {
  await reaches(at, enrolment, 'uncertain');
  const { serialNumber } = enrolment;
  expect((await enrolmentAt(at, enrolment))?.['problem']).toEqual({
    code: 'enrolment.already_registered',
    params: { serialNumber, reason: 'other_registration' },
  });
};

const hasNoKey = async (at: TestKiosk): Promise<void> => {
  expect(await at.pullAll('keyCertificates')).toEqual([]);
  expect(await at.pullAll('locks')).toEqual([]);
};

const test = storeTest.extend('scene', { auto: true }, async ({ world }) => {
  const resolve = async (enrolment: EnrolmentDocument, action: string, url?: string): Promise<number> => {
    const path = `/enrolments/${enrolment.enrolmentId}/resolve`;
    return (await world.admin('POST', path, { action }, url)).status;
  };
  const hasKey = async (at: TestKiosk, serialNumber: string): Promise<void> => {
    const [key] = await at.pullAll('keyCertificates');
    const privateKey = world.vendor.registration(serialNumber)?.private_key;
    expect(await at.open(key?.['sealed'])).toMatchObject({ serialNumber, privateKey });
  };
  /** As another backend of the same customer does it. */
  const registerElsewhere = async (): Promise<string> => {
    const serialNumber = someSerial();
    const body = JSON.stringify({
      serial_no: serialNumber,
      type: 'CAM',
      certificate: 'owner',
      enrolment_code: 'AAAA',
      base64: true,
    });
    const response = await world.vendor.fetch('http://vendor.test/v1/dlock', { method: 'POST', body });
    expect(response.status).toBe(200);
    return serialNumber;
  };
  /** Of another store. */
  const rogue = await world.makeKiosk(await world.makeStore());
  /** Calls that read a registration again. */
  const readAgain: string[] = [];
  const { vendor } = world;
  const inner = vendor.fetch.bind(vendor);
  vendor.fetch = (url, init) => {
    if (init.method === 'GET' && url.includes('/v1/dlock/')) readAgain.push(url);
    return inner(url, init);
  };
  return { rogue, registerElsewhere, readAgain, resolve, hasKey };
});

test('a lock that another backend has registered gives its key to no kiosk that captures it', async ({
  world,
  scene: { rogue, registerElsewhere, readAgain, resolve },
}) => {
  const captured = await pushNew(rogue, await registerElsewhere());
  await isToldWhose(rogue, captured);
  expect(readAgain).toEqual([]);
  await hasNoKey(rogue);
  // Neither does sending it again, from the kiosk or by an operator, nor a new capture.
  await rogue.pushOne({ ...captured, operationId: randomUUID() });
  await eventually(() => expect(world.vendor.calls).toHaveLength(3));
  await isToldWhose(rogue, captured);
  expect(await resolve(captured, 'retry')).toBe(200);
  await eventually(() => expect(world.vendor.calls).toHaveLength(4));
  await isToldWhose(rogue, captured);
  expect(readAgain).toEqual([]);
  await hasNoKey(rogue);
});

test('what is told apart at the kiosk is told to the operator', async ({
  world,
  storeId,
  kiosk,
  scene: { registerElsewhere },
}) => {
  const captured = await pushNew(kiosk, await registerElsewhere());
  await isToldWhose(kiosk, captured);
  const { enrolmentId } = captured;
  const problem = { code: 'enrolment.already_registered', params: { reason: 'other_registration' } };
  expect((await world.admin('GET', `/stores/${storeId}/enrolments`)).body).toMatchObject({
    enrolments: [{ enrolmentId, state: 'uncertain', problem }],
  });
});

test("a lock that was enrolled after the backup gives its key to no other store, and to its own by the operator's word", async ({
  world,
  kiosk,
  scene: { rogue, resolve, hasKey },
}) => {
  const { database } = world.config;
  if (database.kind !== 'server') throw new Error('no server to back up');
  const restore = await backUp(database.url);
  const serialNumber = someSerial();
  const lost = await pushNew(kiosk, serialNumber);
  await reaches(kiosk, lost, 'registered');
  await world.backend.dispose();
  await restore();
  const { url } = await world.startInstance();
  const [ours, theirs] = [kiosk.at(url), rogue.at(url)];
  await hasNoKey(ours);

  const captured = await pushNew(theirs, serialNumber);
  await isToldWhose(theirs, captured);
  await hasNoKey(theirs);
  const again = { ...lost, operationId: randomUUID() };
  // Neither is proven: it waits for the one that was first, which an operator ends.
  expect(await ours.pushOne(again)).toMatchObject({ status: 'accepted', master: { state: 'submitted' } });
  expect(await resolve(captured, 'refuse', url)).toBe(200);
  await isToldWhose(ours, lost);
  await hasNoKey(ours);

  expect(await resolve(lost, 'adopt', url)).toBe(200);
  await reaches(ours, lost, 'registered');
  await hasKey(ours, serialNumber);
  await hasNoKey(theirs);
});

test("what an operator has refused, though the vendor had registered it, is no other store's either", async ({
  world,
  kiosk,
  scene: { resolve, readAgain, rogue },
}) => {
  world.vendor.canRecover = false;
  world.vendor.script.push('lose');
  const captured = await pushNew(kiosk, someSerial());
  await reaches(kiosk, captured, 'uncertain');
  expect(await resolve(captured, 'refuse')).toBe(200);
  world.vendor.canRecover = true;
  readAgain.length = 0;
  await isToldWhose(rogue, await pushNew(rogue, captured.serialNumber));
  expect(readAgain).toEqual([]);
  await hasNoKey(rogue);
});

test('a call that was turned away is no call that may have registered the lock', async ({
  world,
  scene: { registerElsewhere, rogue, readAgain },
}) => {
  const serialNumber = await registerElsewhere();
  world.vendor.script.push('unauthorised', 'unauthorised');
  const captured = await pushNew(rogue, serialNumber);
  await isToldWhose(rogue, captured);
  expect(world.vendor.calls).toHaveLength(4);
  expect(readAgain).toEqual([]);
  await hasNoKey(rogue);
});

test('an answer that was lost does not make a registration of another day its own', async ({
  world,
  scene: { registerElsewhere, rogue, readAgain },
}) => {
  const serialNumber = await registerElsewhere();
  world.clock.offsetMs = 86_400_000;
  world.vendor.script.push('down');
  const { enrolmentCode, deviceCertificate } = rogue.capture(serialNumber);
  const lock = { serialNumber, type: 'CAM', name: 'A', group: '', enrolmentCode, deviceCertificate };
  expect((await world.admin('POST', `/stores/${rogue.storeId}/locks`, lock)).status).toBe(202);
  await eventually(() => expect(world.log.join('\n')).toContain('"outcome":"uncertain"'));
  expect(readAgain).toHaveLength(1);
  world.clock.offsetMs = 0;
  await hasNoKey(rogue);
});

test('the answer to the very enrolment that was lost is read again, after an operator has ended it, too', async ({
  world,
  kiosk,
  scene: { resolve, hasKey },
}) => {
  world.vendor.canRecover = false;
  world.vendor.script.push('lose');
  const captured = await pushNew(kiosk, someSerial());
  await reaches(kiosk, captured, 'uncertain');
  expect(await resolve(captured, 'refuse')).toBe(200);
  world.vendor.canRecover = true;
  expect(await resolve(captured, 'retry')).toBe(200);
  await reaches(kiosk, captured, 'registered');
  await hasKey(kiosk, captured.serialNumber);
  expect(world.vendor.committed).toHaveLength(1);
});

test('only what is uncertain can be adopted', async ({ world, kiosk, scene: { resolve } }) => {
  const captured = await pushNew(kiosk, someSerial());
  await reaches(kiosk, captured, 'registered');
  expect(await resolve(captured, 'adopt')).toBe(409);
  world.vendor.script.push('refuse');
  const refused = await pushNew(kiosk, someSerial());
  await reaches(kiosk, refused, 'refused');
  expect(await resolve(refused, 'adopt')).toBe(409);
});

test('of operators who adopt at the same moment one does, and the key is read once', async ({
  kiosk,
  scene: { registerElsewhere, resolve, readAgain },
}) => {
  const captured = await pushNew(kiosk, await registerElsewhere());
  await isToldWhose(kiosk, captured);
  const answers = await Promise.all(['adopt', 'adopt', 'adopt'].map((action) => resolve(captured, action)));
  expect(answers.sort()).toEqual([200, 409, 409]);
  await reaches(kiosk, captured, 'registered');
  expect(readAgain).toHaveLength(1);
});

test('what a revoked kiosk captured is adopted for its store, and not for that kiosk', async ({
  world,
  storeId,
  kiosk,
  scene: { registerElsewhere, resolve, hasKey },
}) => {
  const captured = await pushNew(kiosk, await registerElsewhere());
  await isToldWhose(kiosk, captured);
  await world.admin('POST', `/kiosks/${kiosk.kioskId}/revoke`);
  expect(await resolve(captured, 'adopt')).toBe(200);
  const other = await world.makeKiosk(storeId);
  await reaches(other, captured, 'registered');
  await hasKey(other, captured.serialNumber);
  expect((await kiosk.request('/v1/sync/keyCertificates?after=0&limit=1')).status).toBe(403);
});

test('an adoption that an operator ends before the vendor answered passes to nobody', async ({
  world,
  kiosk,
  scene: { registerElsewhere, resolve, rogue },
}) => {
  const captured = await pushNew(kiosk, await registerElsewhere());
  await isToldWhose(kiosk, captured);
  const calls = world.vendor.calls.length;
  // Until it has been ended: the next try is half a second away.
  world.vendor.script.push(...Array.from({ length: 200 }, () => 'unauthorised' as const));
  expect(await resolve(captured, 'adopt')).toBe(200);
  await eventually(() => expect(world.vendor.calls.length).toBeGreaterThan(calls));
  await eventually(async () => expect(await resolve(captured, 'refuse')).toBe(200));
  world.vendor.script.length = 0;
  await reaches(kiosk, captured, 'refused');
  // Neither to another store, nor to the same enrolment when it is sent again.
  const elsewhere = await pushNew(rogue, captured.serialNumber);
  await isToldWhose(rogue, elsewhere);
  expect(await resolve(elsewhere, 'refuse')).toBe(200);
  await kiosk.pushOne({ ...captured, operationId: randomUUID() });
  await eventually(async () =>
    expect(['uncertain', 'registered']).toContain((await enrolmentAt(kiosk, captured))?.['state']),
  );
  await hasNoKey(rogue);
  await isToldWhose(kiosk, captured);
});
