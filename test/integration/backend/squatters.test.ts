/** A serial number that was only claimed: who has proved its capture gets it at once, who has not after a while, by itself. */
import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { z } from 'zod';
import { prove } from './proven-capture.ts';
import { someSerial, type TestKiosk } from './test-kiosk.ts';
import { eventually } from './world.ts';
import {
  minuteMs,
  enrolmentAt,
  reaches,
  push,
  longerThanALook,
  squattersTest as test,
} from './squatters-scene.ts';

const holdsKey = async (at: TestKiosk, serialNumber: string): Promise<void> => {
  expect(await at.pullAll('locks')).toMatchObject([{ serialNumber }]);
  const [key] = await at.pullAll('keyCertificates');
  expect(await at.open(key?.['sealed'])).toMatchObject({ serialNumber });
};

test('a serial number that is only claimed is given at once to the store that has proved its capture', async ({
  kiosk,
  scene: { shutVendor, squat, squatter },
}) => {
  const vendor = shutVendor();
  const serialNumber = someSerial();
  const claimed = await squat(serialNumber);
  vendor.opens();
  const honest = await push(kiosk, await prove(kiosk.capture(serialNumber)));
  await reaches(kiosk, honest, 'registered');
  await holdsKey(kiosk, serialNumber);
  await reaches(squatter, claimed, 'conflicted');
  expect((await enrolmentAt(squatter, claimed))?.['problem']).toEqual({
    code: 'enrolment.other_kiosk',
    params: { serialNumber, reason: 'proven' },
  });
  expect(await squatter.pullAll('keyCertificates')).toEqual([]);
  // Nor does it help to claim it again.
  expect(await squatter.pushOne(squatter.capture(serialNumber))).toMatchObject({
    status: 'conflict',
    master: { state: 'conflicted' },
  });
});

test('one that has proved nothing either gets it after ten minutes, by itself, however often it is claimed again', async ({
  world,
  kiosk,
  scene: { shutVendor, squat, squatter, pass, waits, getsItsTurn, ends },
}) => {
  const vendor = shutVendor();
  const serialNumber = someSerial();
  await squat(serialNumber);
  const honest = await push(kiosk, kiosk.capture(serialNumber));
  const accomplice = await world.makeKiosk(squatter.storeId);
  await push(accomplice, accomplice.capture(serialNumber));
  pass(9 * minuteMs);
  await longerThanALook();
  expect(await waits(kiosk, honest)).toBe(true);
  pass(minuteMs);
  await getsItsTurn(kiosk, honest);
  vendor.opens();
  pass(2 * minuteMs);
  await ends(kiosk, honest, 'registered');
  await holdsKey(kiosk, serialNumber);
  await eventually(async () =>
    expect((await squatter.pullAll('enrolments')).map(({ state }) => state)).toEqual([
      'conflicted',
      'conflicted',
    ]),
  );
}, 120_000);

test('whose claim has lapsed is behind every store that has not had its turn, though it came first', async ({
  world,
  kiosk,
  scene: { shutVendor, squat, pass, getsItsTurn, waits, squatter, ends },
}) => {
  const vendor = shutVendor();
  const serialNumber = someSerial();
  const claimed = await squat(serialNumber);
  const second = await push(kiosk, kiosk.capture(serialNumber));
  pass(10 * minuteMs);
  await getsItsTurn(kiosk, second);
  expect(await waits(squatter, claimed)).toBe(true);
  const other = await world.makeKiosk(await world.makeStore());
  const third = await push(other, other.capture(serialNumber));
  pass(10 * minuteMs);
  await getsItsTurn(other, third);
  vendor.opens();
  pass(2 * minuteMs);
  await ends(other, third, 'registered');
  await ends(squatter, claimed, 'conflicted');
  await ends(kiosk, second, 'conflicted');
}, 120_000);

test('while the vendor may be carrying out the claim, whoever comes waits, and is judged when that is known', async ({
  world,
  kiosk,
  scene: { squatter, pass, waits },
}) => {
  const answer = Promise.withResolvers<undefined>();
  world.vendor.hold = answer.promise;
  const serialNumber = someSerial();
  const first = await push(squatter, squatter.capture(serialNumber));
  await eventually(() => expect(world.vendor.committed).toEqual([serialNumber]));
  const honest = await push(kiosk, await prove(kiosk.capture(serialNumber)));
  pass(11 * minuteMs);
  await longerThanALook();
  expect(await waits(kiosk, honest)).toBe(true);
  answer.resolve(undefined);
  // The vendor has registered it for the other: that is told, and nobody else is given the key.
  await reaches(squatter, first, 'registered');
  await reaches(kiosk, honest, 'conflicted');
  expect(await kiosk.pullAll('keyCertificates')).toEqual([]);
}, 120_000);

test('a claim that the vendor refuses gives way by itself', async ({ world, kiosk, scene: { squatter } }) => {
  const { vendor } = world;
  const answer = Promise.withResolvers<undefined>();
  const inner = vendor.fetch.bind(vendor);
  let calls = 0;
  vendor.fetch = async (url, init) => {
    if (init.method === 'POST' && url.endsWith('/v1/dlock') && calls++ === 0) await answer.promise;
    return inner(url, init);
  };
  vendor.script.push('refuse');
  const serialNumber = someSerial();
  const invented = await push(squatter, squatter.capture(serialNumber));
  await eventually(() => expect(calls).toBe(1));
  const honest = await push(kiosk, kiosk.capture(serialNumber));
  answer.resolve(undefined);
  await reaches(squatter, invented, 'refused');
  await reaches(kiosk, honest, 'registered');
});

test('what nobody knows the end of ("registered by somebody else") is no claim that blocks another', async ({
  world,
  kiosk,
  scene: { squatter },
}) => {
  const serialNumber = someSerial();
  const body = JSON.stringify({
    serial_no: serialNumber,
    type: 'CAM',
    certificate: 'owner',
    enrolment_code: 'AAAA',
    base64: true,
  });
  await world.vendor.fetch('http://vendor.test/v1/dlock', { method: 'POST', body });
  const claimed = await push(squatter, squatter.capture(serialNumber));
  await reaches(squatter, claimed, 'uncertain');
  const honest = await push(kiosk, await prove(kiosk.capture(serialNumber)));
  await reaches(kiosk, honest, 'uncertain');
  await reaches(squatter, claimed, 'uncertain');
  const adopted = await world.admin('POST', `/enrolments/${honest.enrolmentId}/resolve`, { action: 'adopt' });
  expect(adopted.status).toBe(200);
  await reaches(kiosk, honest, 'registered');
  await holdsKey(kiosk, serialNumber);
  // The lock is another's by now, and nobody has to see to it.
  await reaches(squatter, claimed, 'conflicted');
  expect(await squatter.pullAll('keyCertificates')).toEqual([]);
});

test("an operator's import takes the place of a claim that nobody has proved", async ({
  world,
  storeId,
  kiosk,
  scene: { shutVendor, squat, squatter },
}) => {
  const vendor = shutVendor();
  const serialNumber = someSerial();
  const claimed = await squat(serialNumber);
  vendor.opens();
  const { enrolmentCode, deviceCertificate } = kiosk.capture(serialNumber);
  const lock = { serialNumber, type: 'CAM', name: 'A', group: '', enrolmentCode, deviceCertificate };
  const imported = await world.admin('POST', `/stores/${storeId}/locks`, lock);
  expect(imported.status).toBe(202);
  expect((await world.admin('POST', `/stores/${storeId}/locks`, lock)).body).toMatchObject({
    enrolmentId: z.object({ enrolmentId: z.string() }).parse(imported.body).enrolmentId,
  });
  await reaches(squatter, claimed, 'conflicted');
  await eventually(() => holdsKey(kiosk, serialNumber));
});

test('who waits is shown to the operator, with whom it waits for, and is ended by a refusal or given up', async ({
  world,
  storeId,
  kiosk,
  scene: { shutVendor, squat, squatter, refuse, waits, isPutOff },
}) => {
  shutVendor();
  const serialNumber = someSerial();
  const claimed = await squat(serialNumber);
  const honest = await push(kiosk, kiosk.capture(serialNumber));
  expect((await world.admin('GET', `/stores/${storeId}/enrolments`)).body).toMatchObject({
    enrolments: [
      {
        enrolmentId: honest.enrolmentId,
        state: 'submitted',
        waitsSince: expect.any(Number) as unknown,
        heldBy: { storeId: squatter.storeId, enrolmentId: claimed.enrolmentId },
      },
    ],
  });
  expect((await refuse(honest)).status).toBe(200);
  await reaches(kiosk, honest, 'refused');
  expect(await waits(kiosk, honest)).toBe(false);
  const again = { ...honest, operationId: randomUUID() };
  expect(await kiosk.pushOne(again)).toMatchObject({ status: 'accepted', master: { state: 'submitted' } });
  expect(await kiosk.pushOne({ ...honest, state: 'abandoned', operationId: randomUUID() })).toMatchObject({
    status: 'accepted',
    master: { state: 'abandoned' },
  });
  // The squatter's end frees the serial number, and what was given up does not come back for it.
  expect((await refuse(claimed)).status).toBe(200);
  const other = await push(kiosk, kiosk.capture(serialNumber));
  await isPutOff(other);
  expect(await waits(kiosk, other)).toBe(false);
  expect(await enrolmentAt(kiosk, honest)).toMatchObject({ state: 'abandoned' });
});

test('a kiosk claims fifty serial numbers that it has not proved; the next ones wait and take none from anybody', async ({
  kiosk,
  scene: { shutVendor, squatter, waits, pass, ends },
}) => {
  const vendor = shutVendor();
  const claims = Array.from({ length: 52 }, () => squatter.capture(someSerial()));
  const answers = await squatter.push('enrolments', claims);
  expect(answers.filter(({ status }) => status === 'accepted')).toHaveLength(52);
  const waiting = await Promise.all(claims.map((each) => waits(squatter, each)));
  expect(waiting.filter((each) => each)).toHaveLength(2);
  vendor.opens();
  const wanted = claims[51]?.serialNumber ?? '';
  const honest = await push(kiosk, kiosk.capture(wanted));
  await reaches(kiosk, honest, 'registered');
  // As its own are answered, the last of them gets its turn, too; the other's is another's by now.
  pass(2 * minuteMs);
  const [last, lost] = claims.slice(50);
  if (!last || !lost) throw new Error('there are 52');
  await eventually(async () => expect(await waits(squatter, last)).toBe(false));
  await ends(squatter, lost, 'conflicted');
}, 120_000);

test('a line is moved on by another instance when the one that began it is gone', async ({
  world,
  kiosk,
  scene: { shutVendor, squat, pass, getsItsTurn, ends, squatter },
}) => {
  const vendor = shutVendor();
  const serialNumber = someSerial();
  const claimed = await squat(serialNumber);
  const honest = await push(kiosk, kiosk.capture(serialNumber));
  await world.backend.dispose();
  pass(10 * minuteMs);
  const { url } = await world.startInstance();
  await getsItsTurn(kiosk, honest, url);
  vendor.opens();
  pass(2 * minuteMs);
  await ends(kiosk, honest, 'registered', url);
  await ends(squatter, claimed, 'conflicted', url);
});
