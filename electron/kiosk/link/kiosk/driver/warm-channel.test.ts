import { expect } from 'vitest';
import { lockTest } from '#support/lock-on-bench.ts';
import { minFrame } from '../../wire/frames.ts';

const it = lockTest.extend('benchOptions', { maxFrame: minFrame - 1 });

it('leaves no link behind over which no session can be spoken', async ({ lockBench: bench, lock }) => {
  const limits = { deadlineMs: 5_000 };
  const answer = await bench.driver.prepare?.(lock.serialNumber, lock.deviceCertificate, limits);
  expect(answer).toMatchObject({ error: { code: 'lock.protocol' } });
  await bench.settle();
  expect(bench.radio.connections).toBe(1);
  expect(bench.radio.openLinks).toBe(0);
});
