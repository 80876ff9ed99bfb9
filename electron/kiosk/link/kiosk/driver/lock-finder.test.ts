import { expect, it } from 'vitest';
import { RadioError } from '#kiosk/radio/port.ts';
import type { SimulatedLock } from '#simulators/lock/simulated-lock.ts';
import type { LockBench } from '#support/lock-bench.ts';
import { benchSerial as serialNumber, useLockOnBench } from '#support/lock-on-bench.ts';
import type { LockCredentials } from '../../lock-driver.ts';

let bench: LockBench;
let lock: SimulatedLock;
let credentials: LockCredentials;

useLockOnBench((on) => ({ bench, lock, credentials } = on));

/** As a radio that has been started anew: it does not know whom the one before it has heard. */
const forgetPeers = (): void => {
  const connect = bench.radio.connect.bind(bench.radio);
  let known = false;
  bench.radio.advertisements$.subscribe(() => {
    known = true;
  });
  bench.radio.connect = (peer, operation) =>
    known ? connect(peer, operation) : Promise.reject(new RadioError('not_found'));
};
const status = () => bench.driver.status(serialNumber, credentials, { deadlineMs: 5_000 });

it('waits for the next advertisement of a lock that the radio does not know any more', async () => {
  forgetPeers();
  const asked = status();
  await bench.settle();
  bench.radio.hear(lock);
  expect(await asked).toMatchObject({ ok: true });
});

it('waits for it no longer than the operation may take', async () => {
  forgetPeers();
  const asked = status();
  await bench.settle();
  await bench.clock.advance(5_000);
  expect(await asked).toMatchObject({ error: { code: 'lock.not_near' } });
});
