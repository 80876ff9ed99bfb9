/** Revocation lists: kiosks carry them, locks judge them and keep what they have heard, whoever brought it. */
import { expect } from 'vitest';
import { createLockBench, type LockBenchOptions } from '#support/lock-bench.ts';
import { benchSerial as serialNumber, lockTest } from '#support/lock-on-bench.ts';
import { lockStateSchema } from '#simulators/lock/lock-state.ts';
import { maxRevocations } from '../wire/revocation-list.ts';

const command = { holdOpenSeconds: 5, actorHash: new Uint8Array(32).fill(9) };

/** What the kiosk carries, and what it answers to a lock that asks for the time. */
interface Carried {
  list: Uint8Array | null;
  timeToken: NonNullable<LockBenchOptions['timeToken']>;
}

const it = lockTest
  .extend('carried', (): Carried => ({ list: null, timeToken: () => Promise.resolve(null) }))
  .extend('benchOptions', ({ carried }): LockBenchOptions => ({
    revocationLists: () => (carried.list === null ? [] : [carried.list]),
    timeToken: (challenge) => carried.timeToken(challenge),
  }))
  .extend('on', ({ vendor, lockBench: bench, memory, lock, credentials, carried }) => {
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
    const heard = (): number => lockStateSchema.parse(memory.read()).revocationVersion;
    return { vendor, bench, memory, lock, credentials, carried, revoke, unlock, heard };
  });

interface Epochs {
  readonly customer?: number;
  readonly key?: number;
  readonly others?: number;
}
const opened = { ok: true, value: { holdOpenSeconds: 5 } };

it('a revoked Key Certificate is refused in the very session that brings the list, and by all that follow', async ({
  on,
}) => {
  expect(await on.unlock()).toEqual(opened);
  on.carried.list = on.revoke(1, { key: 2 });
  const answer = await on.unlock();
  expect(answer).toMatchObject({ error: { code: 'lock.chain_refused' } });
  // Another kiosk, which knows of no list.
  const other = await createLockBench(on.vendor);
  on.carried.list = null;
  other.radio.add(on.lock);
  other.radio.hear(on.lock);
  expect(await on.unlock(on.credentials, other.driver)).toEqual(answer);
  await other.dispose();
  expect(await on.unlock(await on.bench.credentials(on.lock, { keyEpoch: 2 }))).toEqual(opened);
});

it('intermediates of a revoked epoch are refused, newer ones open', async ({ on }) => {
  on.carried.list = on.revoke(1, { customer: 2 });
  expect(await on.unlock()).toMatchObject({ error: { code: 'lock.chain_refused' } });
  expect(await on.unlock(await on.bench.credentials(on.lock, { epoch: 2 }))).toEqual(opened);
});

it('a lock hears a list once, and again when it is a new one', async ({ on }) => {
  // It knows the chain by then, so that nothing else makes a session longer.
  expect(await on.unlock()).toEqual(opened);
  const watch = async (): Promise<number> => {
    let frames = 0;
    on.bench.radio.frameFault = (direction) => {
      if (direction === 'toLock') frames += 1;
      return 'deliver';
    };
    expect(await on.unlock()).toEqual(opened);
    return frames;
  };
  const without = await watch();
  on.carried.list = on.revoke(3, { others: 40 });
  expect(await watch()).toBeGreaterThan(without);
  expect(on.heard()).toBe(3);
  expect(await watch()).toBe(without);
  on.carried.list = on.revoke(4, { others: 40 });
  expect(await watch()).toBeGreaterThan(without);
  expect(on.heard()).toBe(4);
});

it('a lock goes back to no older list', async ({ on }) => {
  on.carried.list = on.revoke(2, { key: 2 });
  await on.unlock();
  on.carried.list = on.revoke(1, {});
  expect(await on.unlock()).toMatchObject({ error: { code: 'lock.chain_refused' } });
  expect(on.heard()).toBe(2);
});

it('a list of another customer, or with a byte changed, says nothing', async ({ on }) => {
  on.carried.list = on.revoke(9, { key: 2 }, await on.vendor.addCustomer('other'));
  expect(await on.unlock()).toEqual(opened);
  const sound = on.revoke(9, { key: 2 });
  on.carried.list = sound.with(-1, (sound.at(-1) ?? 0) ^ 1);
  expect(await on.unlock()).toEqual(opened);
  expect(on.heard()).toBe(0);
});

it('a list that does not fit beside a whole chain and a time token waits for the next session', async ({
  on,
}) => {
  on.carried.timeToken = (challenge) => on.vendor.tellTime(challenge, on.bench.clock.now());
  on.carried.list = on.revoke(5, { others: maxRevocations });
  expect(await on.unlock()).toEqual(opened);
  const first = on.heard();
  expect(await on.unlock()).toEqual(opened);
  expect([first, on.heard()]).toEqual([0, 5]);
});

it('a list whose command got lost on its way goes with the next one', async ({ on }) => {
  on.carried.list = on.revoke(6, {});
  let committed = false;
  on.bench.radio.frameFault = (direction) =>
    committed && direction === 'toLock' ? 'lose_before' : 'deliver';
  on.bench.radio.hear(on.lock);
  const limits = { deadlineMs: 10_000, onCommitted: () => (committed = true) };
  const lost = await on.bench.driver.unlock(serialNumber, on.credentials, command, limits);
  expect(lost).toMatchObject({ error: { code: 'lock.outcome_unknown' } });
  expect(on.heard()).toBe(0);
  on.bench.radio.frameFault = () => 'deliver';
  expect(await on.unlock()).toEqual(opened);
  expect(on.heard()).toBe(6);
});

it('a lock that is being bound hears it with the next command', async ({ on }) => {
  const fresh = await on.bench.makeLock('0000051a00000006');
  const theirs = await on.bench.credentials(fresh);
  on.carried.list = on.revoke(1, { customer: 2 });
  const limits = { deadlineMs: 10_000 };
  expect(await on.bench.driver.provision(fresh.serialNumber, theirs, limits)).toMatchObject({ ok: true });
  on.bench.radio.hear(fresh);
  expect(await on.bench.driver.status(fresh.serialNumber, theirs, limits)).toMatchObject({
    error: { code: 'lock.chain_refused' },
  });
});
