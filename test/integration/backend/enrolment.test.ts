import { randomUUID } from 'node:crypto';
import { describe, expect } from 'vitest';
import { z } from 'zod';
import { enrolmentSchema, type EnrolmentDocument } from '#shared/models/enrolment.ts';
import { someSerial } from './test-kiosk.ts';
import { storeTest } from './store-test.ts';
import { eventually } from './world.ts';

const masterOf = (result: { status: string; master?: unknown }): EnrolmentDocument =>
  enrolmentSchema.parse(result.master);

const test = storeTest.extend('scene', ({ kiosk }) => {
  const pulled = async (enrolmentId: string, at = kiosk): Promise<EnrolmentDocument> => {
    const found = (await at.pullAll('enrolments')).find((each) => each['enrolmentId'] === enrolmentId);
    const { deleted, ...enrolment } = found ?? { deleted: false };
    expect(deleted).toBe(false);
    return enrolmentSchema.parse(enrolment);
  };
  const reaches = (enrolmentId: string, state: string, at = kiosk): Promise<EnrolmentDocument> =>
    eventually(async () => {
      const enrolment = await pulled(enrolmentId, at);
      expect(enrolment.state).toBe(state);
      return enrolment;
    });
  return { reaches, pulled };
});

describe('an enrolment', () => {
  test('goes to the vendor once, and its lock and sealed key reach the kiosks of its store only', async ({
    world,
    storeId,
    kiosk,
    scene: { reaches },
  }) => {
    const serial = someSerial();
    const captured = kiosk.capture(serial);
    const result = await kiosk.pushOne(captured);
    expect(result.status).toBe('accepted');
    expect(masterOf(result)).toMatchObject({ state: 'submitted', operationId: captured.operationId });
    await reaches(captured.enrolmentId, 'registered');

    const second = await world.makeKiosk(storeId);
    const stranger = await world.makeKiosk(await world.makeStore());
    for (const each of [kiosk, second]) {
      const [key] = await each.pullAll('keyCertificates');
      expect(await each.open(key?.['sealed'])).toMatchObject({
        serialNumber: serial,
        privateKey: world.vendor.registration(serial)?.private_key,
      });
      expect(await each.pullAll('locks')).toMatchObject([{ serialNumber: serial, name: 'Cabinet 1' }]);
    }
    const [sealed] = await kiosk.pullAll('keyCertificates');
    await expect(second.open(sealed?.['sealed'])).rejects.toThrow();
    expect(await stranger.pullAll('keyCertificates')).toEqual([]);
    expect(world.vendor.committed).toEqual([serial]);
  });

  test('pushed again by the same operation is accepted again and changes nothing', async ({
    world,
    kiosk,
    scene: { reaches },
  }) => {
    const captured = kiosk.capture(someSerial());
    const results = await Promise.all([1, 2, 3, 4].map(() => kiosk.pushOne(captured)));
    expect(results.map((each) => each.status)).toEqual(['accepted', 'accepted', 'accepted', 'accepted']);
    const registered = await reaches(captured.enrolmentId, 'registered');
    expect(await kiosk.pushOne(captured)).toEqual({ status: 'accepted', master: registered });
    expect(world.vendor.calls).toHaveLength(1);
  });

  test('of two kiosks of two stores, on two instances, exactly one gets the serial number', async ({
    world,
    kiosk,
    scene: { pulled },
  }) => {
    const other = (await world.makeKiosk(await world.makeStore())).at((await world.startInstance()).url);
    for (let round = 0; round < 10; round++) {
      const serial = someSerial();
      const [mine, theirs] = [kiosk.capture(serial), other.capture(serial)];
      await Promise.all([kiosk.pushOne(mine), other.pushOne(theirs)]);
      const ends = await eventually(async () => {
        const both = [await pulled(mine.enrolmentId), await pulled(theirs.enrolmentId, other)];
        expect(both.map(({ state }) => state).sort()).toEqual(['conflicted', 'registered']);
        return both;
      });
      expect(ends.find(({ state }) => state === 'conflicted')?.problem).toEqual({
        code: 'enrolment.other_kiosk',
        params: { serialNumber: serial },
      });
    }
    expect(new Set(world.vendor.calls).size).toBe(world.vendor.calls.length);
  });

  test('is registered once by three instances that all look for work', async ({
    world,
    kiosk,
    scene: { reaches },
  }) => {
    await Promise.all([world.startInstance(), world.startInstance()]);
    const captured = Array.from({ length: 20 }, () => kiosk.capture(someSerial()));
    await kiosk.push('enrolments', captured);
    for (const { enrolmentId } of captured) await reaches(enrolmentId, 'registered');
    expect(world.vendor.calls).toHaveLength(20);
    expect(world.vendor.mostAtOnce()).toBe(1);
  });

  test('whose answer was lost after the vendor had committed is recovered, not repeated', async ({
    world,
    kiosk,
    scene: { reaches },
  }) => {
    world.vendor.script.push('lose');
    const captured = kiosk.capture(someSerial());
    await kiosk.pushOne(captured);
    await reaches(captured.enrolmentId, 'registered');
    expect(world.vendor.committed).toHaveLength(1);
    const [key] = await kiosk.pullAll('keyCertificates');
    expect(await kiosk.open(key?.['sealed'])).toMatchObject({ serialNumber: captured.serialNumber });
  });

  test('that the vendor has and will not give is uncertain, until an operator has it tried again', async ({
    world,
    kiosk,
    scene: { reaches },
  }) => {
    world.vendor.script.push('lose');
    world.vendor.canRecover = false;
    const captured = kiosk.capture(someSerial());
    await kiosk.pushOne(captured);
    const uncertain = await reaches(captured.enrolmentId, 'uncertain');
    expect(uncertain.problem).toEqual({
      code: 'enrolment.already_registered',
      params: { serialNumber: captured.serialNumber, reason: 'not_readable' },
    });
    world.vendor.canRecover = true;
    const resolved = await world.admin('POST', `/enrolments/${captured.enrolmentId}/resolve`, {
      action: 'retry',
    });
    expect(resolved.status).toBe(200);
    await reaches(captured.enrolmentId, 'registered');
  });

  test('waits out a vendor that is down, and a wrong API key', async ({
    world,
    kiosk,
    scene: { reaches },
  }) => {
    world.vendor.script.push('down', 'unauthorised');
    const captured = kiosk.capture(someSerial());
    await kiosk.pushOne(captured);
    await reaches(captured.enrolmentId, 'registered');
    expect(world.vendor.calls).toHaveLength(3);
  });

  test('is tried once for each attempt that is counted, however many look for work', async ({
    world,
    kiosk,
    scene: { reaches },
  }) => {
    await Promise.all([world.startInstance(), world.startInstance()]);
    world.vendor.script.push('down', 'down');
    const captured = kiosk.capture(someSerial());
    await kiosk.pushOne(captured);
    await reaches(captured.enrolmentId, 'registered');
    expect(world.vendor.calls).toHaveLength(3);
    const postponed = world.log.filter((line) => line.includes('registration postponed'));
    expect(postponed.map((line) => z.object({ attempts: z.int() }).parse(JSON.parse(line)).attempts)).toEqual(
      [1, 2],
    );
  });

  test('that is refused gives the serial number free, and can be captured again by a new operation', async ({
    world,
    kiosk,
    scene: { reaches },
  }) => {
    world.vendor.script.push('refuse');
    const captured = kiosk.capture(someSerial());
    await kiosk.pushOne(captured);
    const refused = await reaches(captured.enrolmentId, 'refused');
    expect(refused.problem).toMatchObject({
      code: 'enrolment.vendor_refused',
      params: { reason: 'malformed_code' },
    });
    // A late repetition of the first operation is not a new attempt.
    expect(masterOf(await kiosk.pushOne(captured)).state).toBe('refused');
    const again = { ...captured, operationId: randomUUID() };
    expect(masterOf(await kiosk.pushOne(again)).state).toBe('submitted');
    await reaches(captured.enrolmentId, 'registered');
  });

  test('is provisioned by the kiosk only after it was registered', async ({
    world,
    kiosk,
    scene: { reaches },
  }) => {
    const answer = Promise.withResolvers<undefined>();
    world.vendor.hold = answer.promise;
    const captured = kiosk.capture(someSerial());
    await kiosk.pushOne(captured);
    const early = { ...captured, state: 'provisioned', operationId: randomUUID() };
    expect((await kiosk.pushOne(early)).status).toBe('conflict');
    answer.resolve(undefined);
    const registered = await reaches(captured.enrolmentId, 'registered');
    const late = { ...registered, state: 'provisioned', operationId: randomUUID() };
    expect(masterOf(await kiosk.pushOne(late)).state).toBe('provisioned');
  });

  test('given up offline, before the backend heard of it, claims nothing', async ({
    kiosk,
    scene: { reaches },
  }) => {
    const abandoned = { ...kiosk.capture(someSerial()), state: 'abandoned' };
    expect((await kiosk.pushOne(abandoned)).status).toBe('accepted');
    const other = kiosk.capture(abandoned.serialNumber);
    expect((await kiosk.pushOne(other)).status).toBe('accepted');
    await reaches(other.enrolmentId, 'registered');
  });

  test('one bad row is told to be invalid, and the others go on', async ({ kiosk, scene: { reaches } }) => {
    const [good, foreign] = [kiosk.capture(someSerial()), kiosk.capture(someSerial())];
    const results = await kiosk.push('enrolments', [
      { nonsense: true },
      { ...foreign, kioskId: randomUUID() },
      { ...kiosk.capture(someSerial()), state: 'provisioned' },
      good,
    ]);
    expect(results.map((each) => each.status)).toEqual(['invalid', 'invalid', 'invalid', 'accepted']);
    await reaches(good.enrolmentId, 'registered');
  });
});

describe('an import', () => {
  test('goes the same way, can be repeated, and shows no queue entry on kiosks', async ({
    world,
    storeId,
    kiosk,
  }) => {
    const { serialNumber, type, name, group, enrolmentCode, deviceCertificate } = kiosk.capture(someSerial());
    const lock = { serialNumber, type, name, group, enrolmentCode, deviceCertificate };
    const answers = await Promise.all(
      [1, 2, 3].map(() => world.admin('POST', `/stores/${storeId}/locks`, lock)),
    );
    expect(answers.map((each) => each.status)).toEqual([202, 202, 202]);
    await eventually(async () => expect(await kiosk.pullAll('locks')).toMatchObject([{ serialNumber }]));
    expect(await kiosk.pullAll('enrolments')).toEqual([]);
    expect(world.vendor.calls).toEqual([serialNumber]);
    const elsewhere = await world.admin('POST', `/stores/${await world.makeStore()}/locks`, lock);
    expect(elsewhere).toMatchObject({ status: 409, body: { error: { code: 'enrolment.other_kiosk' } } });
  });

  test.for([
    ['type', 'CA\u0000M', 'holds a control character'],
    ['group', 'Spirits\tupper shelf', 'holds a control character'],
    ['name', 'Cabinet\u0007', 'holds a control character'],
    ['name', 'Cabinet \ud83d', 'holds half of a character'],
    ['group', 'Spirits \ude00', 'holds half of a character'],
  ] as const)(
    'with %j being %j is refused, and the answer says where',
    async ([field, value, problem], { world, storeId, kiosk }) => {
      const { serialNumber, type, name, group, enrolmentCode, deviceCertificate } =
        kiosk.capture(someSerial());
      const lock = { serialNumber, type, name, group, enrolmentCode, deviceCertificate, [field]: value };
      expect(await world.admin('POST', `/stores/${storeId}/locks`, lock)).toEqual({
        status: 400,
        body: {
          error: { code: 'operator.bad_value', params: { path: field, problem } },
        },
      });
      expect(world.vendor.calls).toEqual([]);
    },
  );
});

test('no log line and no operator answer holds a secret', async ({ world, storeId, kiosk }) => {
  world.vendor.script.push('lose', 'down', 'refuse');
  const captured = Array.from({ length: 4 }, () => kiosk.capture(someSerial()));
  await kiosk.push('enrolments', captured);
  await eventually(async () => {
    const states = z.array(enrolmentSchema.loose()).parse(await kiosk.pullAll('enrolments'));
    expect(states.map((each) => each.state)).not.toContain('submitted');
  });
  const answers = await Promise.all(
    ['locks', 'enrolments', 'events', 'kiosks'].map((what) =>
      world.admin('GET', `/stores/${storeId}/${what}`),
    ),
  );
  const said = world.log.join('') + JSON.stringify(answers);
  expect(said).toContain(captured[0]?.serialNumber);
  expect(said).not.toMatch(/canary/i);
  for (const { enrolmentCode } of captured) expect(said).not.toContain(enrolmentCode.slice(0, 40));
});
