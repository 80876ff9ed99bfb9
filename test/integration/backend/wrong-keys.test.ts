/** A vendor that gives the wrong key: refused where it arrives, never sealed to a kiosk, and said to whoever can act. */
import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { enrolmentSchema, type EnrolmentDocument } from '#shared/models/enrolment.ts';
import { keyOf, theAuthority, type VendorRegistration } from './scripted-vendor.ts';
import { someSerial } from './test-kiosk.ts';
import { storeTest } from './store-test.ts';
import { eventually } from './world.ts';

const test = storeTest.extend('scene', ({ kiosk }) => {
  const reaches = ({ enrolmentId }: EnrolmentDocument, state: string): Promise<EnrolmentDocument> =>
    eventually(async () => {
      const found = (await kiosk.pullAll('enrolments')).find((each) => each['enrolmentId'] === enrolmentId);
      const { deleted, ...enrolment } = found ?? { deleted: true };
      expect([deleted, enrolment['state' as keyof typeof enrolment]]).toEqual([false, state]);
      return enrolmentSchema.parse(enrolment);
    });
  const enrol = async (serialNumber = someSerial()): Promise<EnrolmentDocument> => {
    const captured = kiosk.capture(serialNumber);
    expect(await kiosk.pushOne(captured)).toMatchObject({ status: 'accepted' });
    return captured;
  };
  return { enrol, reaches };
});

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
const bytes = (text: string): Buffer => Buffer.from(text, 'base64');

/** What it did to a registration, and what the enrolment says then. */
const wrongs: [string, string, (registration: VendorRegistration) => Promise<unknown>][] = [
  [
    'another lock’s key',
    'key_other_serial',
    async (registration) => ({
      ...registration,
      ...(await keyOf((await theAuthority()).customer, someSerial())),
    }),
  ],
  [
    'another lock’s private key',
    'key_other_key',
    async (registration) => {
      const { private_key: key } = await keyOf((await theAuthority()).customer, someSerial());
      return { ...registration, private_key: key };
    },
  ],
  [
    'another customer’s key',
    'key_not_signed_by_intermediate',
    async (registration) => ({
      ...registration,
      ...(await keyOf((await theAuthority()).other, registration.serial_no)),
    }),
  ],
  [
    'a certificate that is cut off',
    'certificate_malformed',
    (registration) =>
      Promise.resolve({
        ...registration,
        key_certificate: base64(bytes(registration.key_certificate).subarray(0, 200)),
      }),
  ],
  [
    'no certificate at all',
    'certificate_malformed',
    (registration) => Promise.resolve({ ...registration, key_certificate: base64(Buffer.from('hello')) }),
  ],
  [
    'the answer to another call',
    'unreadable',
    (registration) => Promise.resolve({ ...registration, serial_no: someSerial() }),
  ],
  ['something else', 'unreadable', () => Promise.resolve({ ok: true })],
];

test.for(wrongs)(
  '%s is refused as %s, and taken once the vendor has put it right',
  async ([_, reason, wrong], { world, storeId, kiosk, scene: { enrol, reaches } }) => {
    const serialNumber = someSerial();
    const real = await keyOf((await theAuthority()).customer, serialNumber);
    const said = await wrong({ serial_no: serialNumber, type: 'CAM', ...real });
    world.vendor.says = () => said;
    const captured = await enrol(serialNumber);
    const uncertain = await reaches(captured, 'uncertain');
    const problem = { code: 'enrolment.wrong_key', params: { serialNumber, reason } };
    expect(uncertain.problem).toEqual(problem);
    // Neither this kiosk nor any other has anything of it.
    const second = await world.makeKiosk(storeId);
    for (const each of [kiosk, second]) {
      expect(await each.pullAll('keyCertificates')).toEqual([]);
      expect(await each.pullAll('locks')).toEqual([]);
    }
    expect((await world.admin('GET', `/stores/${storeId}/enrolments`)).body).toMatchObject({
      enrolments: [{ serialNumber, state: 'uncertain', problem }],
    });
    const log = world.log.join('');
    expect(log).toContain('"the vendor gave a key that does not fit its lock; not kept"');
    expect(log).not.toContain(real.private_key);

    world.vendor.says = (registration) => registration;
    // A person sends it again from the kiosk, as after any other refusal.
    const again = { ...captured, operationId: randomUUID(), version: uncertain.version };
    expect(await kiosk.pushOne(again)).toMatchObject({ status: 'accepted' });
    expect((await reaches(captured, 'registered')).problem).toBeNull();
    const [key] = await kiosk.pullAll('keyCertificates');
    expect(await kiosk.open(key?.['sealed'])).toEqual({
      serialNumber,
      keyCertificate: world.vendor.registration(serialNumber)?.key_certificate,
      privateKey: real.private_key,
    });
    expect(world.vendor.committed).toEqual([serialNumber]);
  },
);

test('two answers that were swapped on their way give neither lock the other’s key', async ({
  world,
  kiosk,
}) => {
  const serials = [someSerial(), someSerial()] as const;
  world.vendor.says = ({ serial_no: serial }) => {
    const other = world.vendor.registration(serials[serial === serials[0] ? 1 : 0]);
    return other ?? { ok: true };
  };
  const captured = await kiosk.push(
    'enrolments',
    serials.map((serial) => kiosk.capture(serial)),
  );
  expect(captured.map(({ status }) => status)).toEqual(['accepted', 'accepted']);
  await eventually(async () => {
    expect(await kiosk.pullAll('enrolments')).toMatchObject([{ state: 'uncertain' }, { state: 'uncertain' }]);
  });
  expect(await kiosk.pullAll('keyCertificates')).toEqual([]);
});

test('a wrong answer that is right when it is read again costs nobody anything', async ({
  world,
  scene: { reaches, enrol },
}) => {
  let said = 0;
  world.vendor.says = (registration) => ((said += 1) === 1 ? { ok: true } : registration);
  await reaches(await enrol(), 'registered');
  expect(said).toBe(2);
});

test('a key that can’t be read again stays refused for what it was', async ({
  world,
  scene: { reaches, enrol },
}) => {
  world.vendor.canRecover = false;
  world.vendor.says = (registration) => ({ ...registration, private_key: 'AAAA' });
  const { problem } = await reaches(await enrol(), 'uncertain');
  expect(problem).toMatchObject({ code: 'enrolment.wrong_key', params: { reason: 'key_other_key' } });
});

test('an import with a wrong key is refused likewise, and an operator has it tried again', async ({
  world,
  storeId,
  kiosk,
}) => {
  const { name, type, group, enrolmentCode, deviceCertificate, serialNumber } = kiosk.capture(someSerial());
  world.vendor.says = (registration) => ({ ...registration, private_key: 'AAAA' });
  const lock = { name, type, group, enrolmentCode, deviceCertificate, serialNumber };
  expect((await world.admin('POST', `/stores/${storeId}/locks`, lock)).status).toBe(202);
  const enrolments = async () =>
    (
      (await world.admin('GET', `/stores/${storeId}/enrolments`)).body as {
        enrolments: { enrolmentId: string }[];
      }
    ).enrolments;
  const [held] = await eventually(async () => {
    const found = await enrolments();
    expect(found).toMatchObject([{ state: 'uncertain', problem: { code: 'enrolment.wrong_key' } }]);
    return found;
  });
  world.vendor.says = (registration) => registration;
  const path = `/enrolments/${held?.enrolmentId}/resolve`;
  expect((await world.admin('POST', path, { action: 'retry' })).status).toBe(200);
  await eventually(async () => expect(await enrolments()).toMatchObject([{ state: 'registered' }]));
});
