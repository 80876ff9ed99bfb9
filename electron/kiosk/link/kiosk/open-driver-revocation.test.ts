/** Revocation lists: kiosks carry them, locks judge them and keep what they have heard, whoever brought it. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { createLockBench, makeVendor, type LockBench } from '#support/lock-bench.ts';
import { lockStateSchema, volatileMemory, type LockMemory } from '#simulators/lock/lock-state.ts';
import type { SimulatedLock } from '#simulators/lock/simulated-lock.ts';
import type { Vendor } from '#simulators/live-lock/open-vendor.ts';
import type { LockCredentials } from '../lock-driver.ts';
import { maxRevocations } from '../wire/revocation-list.ts';

const serialNumber = '0000051a00000005';
const command = { holdOpenSeconds: 5, actorHash: new Uint8Array(32).fill(9) };

let vendor: Vendor;
let forgetVendor: () => Promise<void>;
let bench: LockBench;
let lock: SimulatedLock;
let memory: LockMemory;
let credentials: LockCredentials;
/** What the kiosk carries. */
let list: Uint8Array | null;
/** Whether it gets time tokens as well. */
let tellsTime: boolean;

beforeAll(async () => {
  ({ vendor, dispose: forgetVendor } = await makeVendor());
});
afterAll(() => forgetVendor());
beforeEach(async () => {
  list = null;
  tellsTime = false;
  bench = await createLockBench(vendor, {
    revocationLists: () => (list === null ? [] : [list]),
    timeToken: async (challenge) => (tellsTime ? vendor.tellTime(challenge, bench.clock.now()) : null),
  });
  memory = volatileMemory();
  lock = await bench.makeLock(serialNumber, { provisioned: true, memory });
  credentials = await bench.credentials(lock);
});
afterEach(() => bench.dispose());

interface Epochs {
  readonly customer?: number;
  readonly key?: number;
  readonly others?: number;
}
const revoke = (
  version: number,
  { customer = 0, key, others = 0 }: Epochs,
  of = bench.customer,
): Uint8Array =>
  vendor.signRevocations(of, {
    version,
    minCustomerEpoch: customer,
    locks: [
      ...(key === undefined ? [] : [{ serialNumber, minKeyEpoch: key }]),
      ...Array.from({ length: others }, (_, index) => ({
        serialNumber: (0xf000 + index).toString(16).padStart(16, '0'),
        minKeyEpoch: 2,
      })),
    ],
  });
const unlock = (used = credentials, driver = bench.driver) => {
  bench.radio.hear(lock);
  return driver.unlock(serialNumber, used, command, { deadlineMs: 10_000 });
};
const opened = { ok: true, value: { holdOpenSeconds: 5 } };
const heard = (): number => lockStateSchema.parse(memory.read()).revocationVersion;

it('a revoked Key Certificate is refused in the very session that brings the list, and by all that follow', async () => {
  expect(await unlock()).toEqual(opened);
  list = revoke(1, { key: 2 });
  const answer = await unlock();
  expect(answer).toMatchObject({ error: { code: 'lock.chain_refused' } });
  // Another kiosk, which knows of no list.
  const other = await createLockBench(vendor);
  list = null;
  other.radio.add(lock);
  other.radio.hear(lock);
  expect(await unlock(credentials, other.driver)).toEqual(answer);
  await other.dispose();
  expect(await unlock(await bench.credentials(lock, { keyEpoch: 2 }))).toEqual(opened);
});

it('intermediates of a revoked epoch are refused, newer ones open', async () => {
  list = revoke(1, { customer: 2 });
  expect(await unlock()).toMatchObject({ error: { code: 'lock.chain_refused' } });
  expect(await unlock(await bench.credentials(lock, { epoch: 2 }))).toEqual(opened);
});

it('a lock hears a list once, and again when it is a new one', async () => {
  // It knows the chain by then, so that nothing else makes a session longer.
  expect(await unlock()).toEqual(opened);
  const watch = async (): Promise<number> => {
    let frames = 0;
    bench.radio.frameFault = (direction) => {
      if (direction === 'toLock') frames += 1;
      return 'deliver';
    };
    expect(await unlock()).toEqual(opened);
    return frames;
  };
  const without = await watch();
  list = revoke(3, { others: 40 });
  expect(await watch()).toBeGreaterThan(without);
  expect(heard()).toBe(3);
  expect(await watch()).toBe(without);
  list = revoke(4, { others: 40 });
  expect(await watch()).toBeGreaterThan(without);
  expect(heard()).toBe(4);
});

it('a lock goes back to no older list', async () => {
  list = revoke(2, { key: 2 });
  await unlock();
  list = revoke(1, {});
  expect(await unlock()).toMatchObject({ error: { code: 'lock.chain_refused' } });
  expect(heard()).toBe(2);
});

it('a list of another customer, or with a byte changed, says nothing', async () => {
  list = revoke(9, { key: 2 }, await vendor.addCustomer('other'));
  expect(await unlock()).toEqual(opened);
  list = revoke(9, { key: 2 });
  list = list.with(list.length - 1, (list.at(-1) ?? 0) ^ 1);
  expect(await unlock()).toEqual(opened);
  expect(heard()).toBe(0);
});

it('a list that does not fit beside a whole chain and a time token waits for the next session', async () => {
  tellsTime = true;
  list = revoke(5, { others: maxRevocations });
  expect(await unlock()).toEqual(opened);
  const first = heard();
  expect(await unlock()).toEqual(opened);
  expect([first, heard()]).toEqual([0, 5]);
});

it('a list whose command got lost on its way goes with the next one', async () => {
  list = revoke(6, {});
  let committed = false;
  bench.radio.frameFault = (direction) => (committed && direction === 'toLock' ? 'lose_before' : 'deliver');
  bench.radio.hear(lock);
  const limits = { deadlineMs: 10_000, onCommitted: () => (committed = true) };
  const lost = await bench.driver.unlock(serialNumber, credentials, command, limits);
  expect(lost).toMatchObject({ error: { code: 'lock.outcome_unknown' } });
  expect(heard()).toBe(0);
  bench.radio.frameFault = () => 'deliver';
  expect(await unlock()).toEqual(opened);
  expect(heard()).toBe(6);
});

it('a lock that is being bound hears it with the next command', async () => {
  const fresh = await bench.makeLock('0000051a00000006');
  const theirs = await bench.credentials(fresh);
  list = revoke(1, { customer: 2 });
  const limits = { deadlineMs: 10_000 };
  expect(await bench.driver.provision(fresh.serialNumber, theirs, limits)).toMatchObject({ ok: true });
  bench.radio.hear(fresh);
  expect(await bench.driver.status(fresh.serialNumber, theirs, limits)).toMatchObject({
    error: { code: 'lock.chain_refused' },
  });
});
