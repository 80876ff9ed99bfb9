import { expect } from 'vitest';
import { RadioError } from '#kiosk/radio/port.ts';
import { benchSerial as serialNumber, lockTest } from '#support/lock-on-bench.ts';

const it = lockTest.extend('on', ({ lockBench: bench, lock, credentials }) => {
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
  return { bench, lock, credentials, forgetPeers, status };
});

it('waits for the next advertisement of a lock that the radio does not know any more', async ({ on }) => {
  on.forgetPeers();
  const asked = on.status();
  await on.bench.settle();
  on.bench.radio.hear(on.lock);
  expect(await asked).toMatchObject({ ok: true });
});

it('waits for it no longer than the operation may take', async ({ on }) => {
  on.forgetPeers();
  const asked = on.status();
  await on.bench.settle();
  await on.bench.clock.advance(5_000);
  expect(await asked).toMatchObject({ error: { code: 'lock.not_near' } });
});
