/** Copied advertisements: whoever says to be a lock keeps nobody from the one that is. */
import { describe, expect } from 'vitest';
import type { LockPeripheral } from '#simulators/lock/peripheral.ts';
import type { SimulatedLock } from '#simulators/lock/simulated-lock.ts';
import { benchSerial as serialNumber, lockTest } from '#support/lock-on-bench.ts';
import { encodeAdvertisement } from '../../lock/advertisement.ts';
import type { LockSighting } from '../../lock-driver.ts';

const it = lockTest
  .extend('sighted', ({ lockBench: bench }) => {
    const sighted: LockSighting[] = [];
    bench.driver.sightings$.subscribe((sighting) => sighted.push(sighting));
    return sighted;
  })
  .extend('on', ({ lockBench: bench, lock, credentials, sighted }) => {
    /** Somebody with an address of his own who advertises what the lock does, as a lock that is new, open and tampered with. */
    const addCopy = (index: number, answering: LockPeripheral): LockPeripheral => {
      const copy: LockPeripheral = {
        ...answering,
        address: `c6:00:00:00:00:${index.toString(16).padStart(2, '0')}`,
        advertisement: () => encodeAdvertisement(serialNumber, { ...state, provisioned: false }),
      };
      bench.radio.add(copy);
      return copy;
    };
    /** Lets time pass; all of them advertise, the copies last. */
    const pass = async (copies: readonly LockPeripheral[], seconds: number): Promise<void> => {
      for (let step = 0; step < seconds * 2; step += 1) {
        bench.radio.hear(lock);
        for (const copy of copies) bench.radio.hear(copy);
        await bench.settle();
        await bench.clock.advance(500);
      }
    };
    const unlock = async (copies: readonly LockPeripheral[]) => {
      let commits = 0;
      const began = bench.clock.monotonic();
      const answer = bench.driver.unlock(
        serialNumber,
        credentials,
        { holdOpenSeconds: 1, actorHash: new Uint8Array(32) },
        { deadlineMs: 10_000, onCommitted: () => (commits += 1) },
      );
      const running: { over: boolean } = { over: false };
      void answer.then(() => (running.over = true));
      while (!running.over) await pass(copies, 0.5);
      return { answer: await answer, commits, tookMs: bench.clock.monotonic() - began };
    };
    return { bench, lock, credentials, sighted, addCopy, pass, unlock };
  });

const state = { boltOpen: true, tamper: true, batteryLow: true, battery: 1 };
const silent: Pick<LockPeripheral, 'connected'> = {
  connected: () => ({ receive: () => undefined, disconnected: () => undefined }),
};

const copying: readonly [string, (own: SimulatedLock, of: SimulatedLock) => LockPeripheral][] = [
  ['says nothing', (own, of) => ({ ...of, ...silent, address: own.address })],
  ['answers as another genuine lock', (own, of) => ({ ...own, readInfo: () => of.readInfo() })],
  ['says who he is', (own) => own],
];

describe.each(copying)('three copies of which each %s', (_what, make) => {
  it('keep the owner out neither before the lock has ever answered nor afterwards', async ({ on }) => {
    const other = await on.bench.makeLock('0000051a00000006', { provisioned: true });
    const copies = [1, 2, 3].map((index) => on.addCopy(index, make(other, on.lock)));
    await on.pass(copies, 1);
    const first = await on.unlock(copies);
    expect(first.answer).toMatchObject({ ok: true });
    expect(first.commits).toBe(1);
    await on.pass(copies, 5);
    const connections = on.bench.radio.connections;
    const second = await on.unlock(copies);
    expect(second.answer).toMatchObject({ ok: true });
    // By now the lock is known by what it has proved: nobody else is connected to.
    expect(on.bench.radio.connections).toBe(connections + 1);
    expect(second.tookMs).toBeLessThanOrEqual(500);
  });
});

it('a copy that nobody can connect to costs a part of the time', async ({ on }) => {
  const copies = [on.addCopy(1, on.lock)];
  for (const copy of copies) on.bench.radio.setUnreachable(copy, true);
  await on.pass(copies, 1);
  expect((await on.unlock(copies)).answer).toMatchObject({ ok: true });
});

it('what copies advertise is not shown once the lock has proved who it is and is heard', async ({ on }) => {
  const copies = [on.addCopy(1, { ...on.lock, ...silent })];
  await on.pass([], 1);
  expect((await on.unlock([])).answer).toMatchObject({ ok: true });
  await on.pass(copies, 5);
  on.sighted.length = 0;
  await on.pass(copies, 10);
  expect(on.sighted.length).toBeGreaterThan(0);
  expect(on.sighted.filter(({ provisioned, tamper }) => !provisioned || tamper)).toEqual([]);
});

it('a lock with another address is taken for itself again after three seconds', async ({ on }) => {
  await on.pass([], 1);
  expect((await on.unlock([])).answer).toMatchObject({ ok: true });
  const moved: LockPeripheral = { ...on.lock, address: 'c6:00:00:00:00:77' };
  on.bench.radio.setUnreachable(on.lock, true);
  on.bench.radio.add(moved);
  await on.bench.clock.advance(3_500);
  on.bench.radio.hear(moved);
  const answer = await on.bench.driver.status(serialNumber, on.credentials, { deadlineMs: 5_000 });
  expect(answer).toMatchObject({ ok: true });
});

it('a new lock is captured beside copies of it, too', async ({ on }) => {
  const fresh = await on.bench.makeLock('0000051a000000aa');
  const copy: LockPeripheral = { ...fresh, ...silent, address: 'c6:00:00:00:00:01' };
  on.bench.radio.add(copy);
  const offer = on.bench.driver.readEnrolment(fresh.serialNumber, new Uint8Array(32), { deadlineMs: 10_000 });
  const running: { over: boolean } = { over: false };
  void offer.then(() => (running.over = true));
  while (!running.over) {
    on.bench.radio.hear(fresh);
    on.bench.radio.hear(copy);
    await on.bench.settle();
    await on.bench.clock.advance(500);
  }
  expect(await offer).toMatchObject({ ok: true });
});
