import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { Vendor } from '#simulators/live-lock/open-vendor.ts';
import { createLockBench, makeVendor, type LockBench } from '#support/lock-bench.ts';
import { minFrame } from '../../wire/frames.ts';

let vendor: Vendor;
let forgetVendor: () => Promise<void>;
let bench: LockBench;

beforeAll(async () => {
  ({ vendor, dispose: forgetVendor } = await makeVendor());
});
afterAll(() => forgetVendor());
afterEach(() => bench.dispose());

it('leaves no link behind over which no session can be spoken', async () => {
  bench = await createLockBench(vendor, { maxFrame: minFrame - 1 });
  const lock = await bench.makeLock('0000051a00000005', { provisioned: true });
  const limits = { deadlineMs: 5_000 };
  const answer = await bench.driver.prepare?.(lock.serialNumber, lock.deviceCertificate, limits);
  expect(answer).toMatchObject({ error: { code: 'lock.protocol' } });
  await bench.settle();
  expect(bench.radio.connections).toBe(1);
  expect(bench.radio.openLinks).toBe(0);
});
