/** Copied advertisements: whoever says to be a lock keeps nobody from the one that is. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { LockPeripheral } from '#simulators/lock/peripheral.ts';
import type { SimulatedLock } from '#simulators/lock/simulated-lock.ts';
import type { LockBench } from '#support/lock-bench.ts';
import { benchSerial as serialNumber, useLockOnBench } from '#support/lock-on-bench.ts';
import { encodeAdvertisement } from '../../lock/advertisement.ts';
import type { LockCredentials, LockSighting } from '../../lock-driver.ts';

let bench: LockBench;
let lock: SimulatedLock;
let credentials: LockCredentials;
let sighted: LockSighting[];

useLockOnBench((on) => ({ bench, lock, credentials } = on));
beforeEach(() => {
  sighted = [];
  bench.driver.sightings$.subscribe((sighting) => sighted.push(sighting));
});

const state = { boltOpen: true, tamper: true, batteryLow: true, battery: 1 };

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
const silent: Pick<LockPeripheral, 'connected'> = {
  connected: () => ({ receive: () => undefined, disconnected: () => undefined }),
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

const answering = {
  'says nothing': (other: SimulatedLock): LockPeripheral => ({ ...lock, ...silent, address: other.address }),
  'answers as another genuine lock': (other: SimulatedLock): LockPeripheral => ({
    ...other,
    readInfo: () => lock.readInfo(),
  }),
  'says who he is': (other: SimulatedLock): LockPeripheral => other,
};

describe.each(Object.entries(answering))('three copies of which each %s', (_what, make) => {
  it('keep the owner out neither before the lock has ever answered nor afterwards', async () => {
    const other = await bench.makeLock('0000051a00000006', { provisioned: true });
    const copies = [1, 2, 3].map((index) => addCopy(index, make(other)));
    await pass(copies, 1);
    const first = await unlock(copies);
    expect(first.answer).toMatchObject({ ok: true });
    expect(first.commits).toBe(1);
    await pass(copies, 5);
    const connections = bench.radio.connections;
    const second = await unlock(copies);
    expect(second.answer).toMatchObject({ ok: true });
    // By now the lock is known by what it has proved: nobody else is connected to.
    expect(bench.radio.connections).toBe(connections + 1);
    expect(second.tookMs).toBeLessThanOrEqual(500);
  });
});

it('a copy that nobody can connect to costs a part of the time', async () => {
  const copies = [addCopy(1, lock)];
  for (const copy of copies) bench.radio.setUnreachable(copy, true);
  await pass(copies, 1);
  expect((await unlock(copies)).answer).toMatchObject({ ok: true });
});

it('what copies advertise is not shown once the lock has proved who it is and is heard', async () => {
  const copies = [addCopy(1, { ...lock, ...silent })];
  await pass([], 1);
  expect((await unlock([])).answer).toMatchObject({ ok: true });
  await pass(copies, 5);
  sighted.length = 0;
  await pass(copies, 10);
  expect(sighted.length).toBeGreaterThan(0);
  expect(sighted.filter(({ provisioned, tamper }) => !provisioned || tamper)).toEqual([]);
});

it('a lock with another address is taken for itself again after three seconds', async () => {
  await pass([], 1);
  expect((await unlock([])).answer).toMatchObject({ ok: true });
  const moved: LockPeripheral = { ...lock, address: 'c6:00:00:00:00:77' };
  bench.radio.setUnreachable(lock, true);
  bench.radio.add(moved);
  await bench.clock.advance(3_500);
  bench.radio.hear(moved);
  const answer = await bench.driver.status(serialNumber, credentials, { deadlineMs: 5_000 });
  expect(answer).toMatchObject({ ok: true });
});

it('a new lock is captured beside copies of it, too', async () => {
  const fresh = await bench.makeLock('0000051a000000aa');
  const copy: LockPeripheral = { ...fresh, ...silent, address: 'c6:00:00:00:00:01' };
  bench.radio.add(copy);
  const offer = bench.driver.readEnrolment(fresh.serialNumber, new Uint8Array(32), { deadlineMs: 10_000 });
  const running: { over: boolean } = { over: false };
  void offer.then(() => (running.over = true));
  while (!running.over) {
    bench.radio.hear(fresh);
    bench.radio.hear(copy);
    await bench.settle();
    await bench.clock.advance(500);
  }
  expect(await offer).toMatchObject({ ok: true });
});
