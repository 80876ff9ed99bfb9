/** A revoked key that an operator has replaced: by the vendor's newer key for the same lock, and by nothing else. */
import { expect } from 'vitest';
import { journalAnswerSchema } from '#backend/admin/operator-acts.ts';
import { keyOf, theAuthority } from './scripted-vendor.ts';
import { someSerial } from './test-kiosk.ts';
import { lockTest } from './store-test.ts';

const test = lockTest.extend('scene', ({ world, storeId, kiosk, serialNumber }) => {
  const replace = (serial = serialNumber, store = storeId) =>
    world.admin('POST', `/stores/${store}/locks/${serial}/key`);
  const keyRow = async () => (await kiosk.pullAll('keyCertificates'))[0];
  const refused = (code: string, reason: string) => ({
    status: 409,
    body: { error: { code, params: { serialNumber, reason } } },
  });
  const lastAct = async () =>
    journalAnswerSchema.parse((await world.admin('GET', '/journal?limit=1')).body).acts[0];
  return { keyRow, replace, lastAct, refused };
});

test('the newer key of the same lock takes the place of the one that was held, and kiosks get it', async ({
  world,
  storeId,
  kiosk,
  serialNumber,
  scene: { keyRow, replace, lastAct },
}) => {
  const before = await keyRow();
  await world.vendor.reissue(serialNumber, 2);
  expect(await replace()).toEqual({ status: 204, body: null });
  const after = await keyRow();
  expect(after?.version).toBeGreaterThan(before?.version ?? 0);
  expect(await kiosk.open(after?.['sealed'])).toMatchObject({
    keyCertificate: world.vendor.registration(serialNumber)?.key_certificate,
  });
  expect(await lastAct()).toMatchObject({
    act: 'key_replaced',
    on: { storeId, serialNumber },
    outcome: 'done',
  });
});

test('asked for twice at once, it is replaced once, and the other is told that there is no newer one', async ({
  world,
  serialNumber,
  scene: { replace, refused },
}) => {
  await world.vendor.reissue(serialNumber, 2);
  const answers = await Promise.all([replace(), replace(), replace()]);
  const others = answers.filter(({ status }) => status !== 204);
  expect(others).toHaveLength(2);
  for (const other of others) expect(other).toMatchObject(refused('enrolment.wrong_key', 'not_newer'));
});

test('what is no newer key of this lock changes nothing, and says why', async ({
  world,
  serialNumber,
  scene: { keyRow, replace, refused, lastAct },
}) => {
  const before = await keyRow();
  expect(await replace()).toMatchObject(refused('enrolment.wrong_key', 'not_newer'));
  expect(await lastAct()).toMatchObject({ act: 'key_replaced', outcome: 'enrolment.wrong_key' });

  const { customer, other } = await theAuthority();
  const says = (key: object) => {
    world.vendor.says = (registration) => ({ ...registration, ...key });
  };
  says(await keyOf(other, serialNumber, Date.now(), 2));
  expect(await replace()).toMatchObject(refused('enrolment.wrong_key', 'key_not_signed_by_intermediate'));
  const secret = new Uint8Array(32).fill(1);
  const drawnAnew = await customer.issueKey({ serialNumber, secret, notBefore: Date.now(), keyEpoch: 2 });
  says({
    key_certificate: Buffer.from(drawnAnew.keyCertificate).toString('base64'),
    private_key: Buffer.from(drawnAnew.privateKey).toString('base64'),
  });
  expect(await replace()).toMatchObject(refused('enrolment.wrong_key', 'key_other_key'));
  says({ private_key: 7 });
  expect(await replace()).toMatchObject(refused('enrolment.wrong_key', 'unreadable'));
  world.vendor.canRecover = false;
  expect(await replace()).toMatchObject(refused('enrolment.already_registered', 'not_readable'));
  expect((await keyRow())?.version).toBe(before?.version);
});

test('a key that the lock would refuse as revoked is not taken', async ({
  world,
  serialNumber,
  scene: { replace, refused },
}) => {
  const { vendor, customer } = await theAuthority();
  const list = vendor.signRevocations(customer, {
    version: 1,
    minCustomerEpoch: 0,
    locks: [{ serialNumber, minKeyEpoch: 3 }],
  });
  world.vendor.revocations = { version: 1, list: Buffer.from(list).toString('base64') };
  expect((await world.admin('POST', '/trust/refresh')).body).toEqual({ refreshed: true });
  await world.vendor.reissue(serialNumber, 2);
  expect(await replace()).toMatchObject(refused('enrolment.wrong_key', 'key_epoch_revoked'));
  await world.vendor.reissue(serialNumber, 3);
  expect((await replace()).status).toBe(204);
});

test('a lock that the store does not have has no key to be replaced', async ({
  world,
  serialNumber,
  scene: { replace },
}) => {
  expect((await replace(someSerial())).status).toBe(404);
  expect((await replace(serialNumber, await world.makeStore())).status).toBe(404);
});
