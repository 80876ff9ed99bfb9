/** What a lock has said of its enrolment code: kept where it holds, for all kiosks of the store, and for no other capture. */
import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import type { EnrolmentDocument } from '#shared/models/enrolment.ts';
import { prove, type ProvenCapture } from './proven-capture.ts';
import { someSerial, type TestKiosk } from './test-kiosk.ts';
import { storeTest } from './store-test.ts';

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

const test = storeTest.extend('scene', ({ kiosk }) => {
  /** `kioskId`: who asked the lock. */
  const proven = (kioskId = kiosk.kioskId): Promise<ProvenCapture> =>
    prove(kiosk.capture(someSerial()), kioskId);
  return { proven };
});

const proofAt = async (at: TestKiosk, { enrolmentId }: EnrolmentDocument): Promise<unknown> =>
  (await at.pullAll('enrolments')).find((each) => each['enrolmentId'] === enrolmentId)?.['proof'];

test('a proof that holds is kept, and given to every kiosk of the store', async ({
  world,
  storeId,
  kiosk,
  scene: { proven },
}) => {
  const captured = await proven();
  const { proof } = captured;
  expect(await kiosk.pushOne(captured)).toMatchObject({ status: 'accepted', master: { proof } });
  const second = await world.makeKiosk(storeId);
  expect([await proofAt(kiosk, captured), await proofAt(second, captured)]).toEqual([proof, proof]);
});

const changed = (base64Text: string): string => {
  const bytes = Buffer.from(base64Text, 'base64');
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
  return bytes.toString('base64');
};

/** `proven`: makes another capture. */
type Change = (
  captured: ProvenCapture,
  proven: (kioskId?: string) => Promise<ProvenCapture>,
) => EnrolmentDocument | Promise<EnrolmentDocument>;
test.for<[string, Change]>([
  ['of another signature', (it) => ({ ...it, proof: changed(it.proof) })],
  ['for another capture', (it) => ({ ...it, enrolmentId: randomUUID() })],
  ['for another code', (it) => ({ ...it, enrolmentCode: changed(it.enrolmentCode) })],
  [
    'by another lock',
    async (it, proven) => ({ ...it, deviceCertificate: (await proven()).deviceCertificate }),
  ],
  ["by a lock that is not the vendor's", (it) => ({ ...it, deviceCertificate: base64(Buffer.from('x')) })],
  ['to another kiosk', (_it, proven) => proven(randomUUID())],
  ['that is cut off', (it) => ({ ...it, proof: base64(Buffer.from(it.proof, 'base64').subarray(1)) })],
])(
  'a proof %s is none: the enrolment goes on without, and the kiosk is told',
  async ([_, change], { kiosk, scene: { proven } }) => {
    const captured = await change(await proven(), proven);
    expect(await kiosk.pushOne(captured)).toMatchObject({ status: 'accepted', master: { proof: null } });
    expect(await proofAt(kiosk, captured)).toBeNull();
  },
);

test('an enrolment that came without a proof gets none by being pushed again', async ({
  kiosk,
  scene: { proven },
}) => {
  const captured = await proven();
  await kiosk.pushOne({ ...captured, proof: null });
  await kiosk.pushOne(captured);
  expect(await proofAt(kiosk, captured)).toBeNull();
});
