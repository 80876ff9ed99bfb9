/** A lock that has lost its power does not know the time: what it does, and how the driver brings it a time token. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createLockBench, makeVendor, type LockBench } from '#support/lock-bench.ts';
import { lockStateSchema, volatileMemory, type LockMemory } from '#simulators/lock/lock-state.ts';
import type { SimulatedLock } from '#simulators/lock/simulated-lock.ts';
import type { Vendor } from '#simulators/live-lock/open-vendor.ts';
import type { LockCredentials } from '../lock-driver.ts';

const serialNumber = '0000051a00000005';
const command = { holdOpenSeconds: 5, actorHash: new Uint8Array(32).fill(9) };
/** Unlocks that a lock allows without the time. */
const allowance = 20;

let vendor: Vendor;
let forgetVendor: () => Promise<void>;
let bench: LockBench;
let lock: SimulatedLock;
let memory: LockMemory;
let credentials: LockCredentials;
/** What the authority does; counts how often it was asked. */
let authority: (challenge: Uint8Array) => Promise<Uint8Array | null>;
let asked: number;

const offline = (): Promise<null> => Promise.resolve(null);

beforeAll(async () => {
  ({ vendor, dispose: forgetVendor } = await makeVendor());
});
afterAll(() => forgetVendor());
beforeEach(async () => {
  authority = offline;
  bench = await createLockBench(vendor, {
    timeToken: (challenge) => {
      asked += 1;
      return authority(challenge);
    },
  });
  memory = volatileMemory();
  lock = await bench.makeLock(serialNumber, { provisioned: true, memory });
  credentials = await bench.credentials(lock);
  // So that its floor is not raised by this intermediate once more.
  await unlock();
  await bench.clock.advance(30_000);
  authority = (challenge) => vendor.tellTime(challenge, bench.clock.now());
  asked = 0;
});
afterEach(() => bench.dispose());

const unlock = (options: { signal?: AbortSignal } = {}) => {
  bench.radio.hear(lock);
  return bench.driver.unlock(serialNumber, credentials, command, { deadlineMs: 10_000, ...options });
};
const opened = { ok: true, value: { holdOpenSeconds: 5 } };
const outOfTime = {
  ok: false,
  error: { code: 'lock.refused', params: { serialNumber, reason: 'time_untrusted' } },
};
const remembered = () => lockStateSchema.parse(memory.read());
const unlockUntilRefused = async (): Promise<void> => {
  for (let count = 0; count < allowance; count += 1) expect(await unlock()).toEqual(opened);
  expect(await unlock()).toEqual(outOfTime);
};
describe('with the authority in reach', () => {
  it('a lock learns the time with its unlock, and does not ask again', async () => {
    lock.losePower();
    expect(await unlock()).toEqual(opened);
    expect(remembered().clock).toMatchObject({ exact: true, stopped: false });
    expect(remembered().unlocksWithoutTime).toBe(allowance);
    for (let count = 0; count < allowance + 5; count += 1) expect(await unlock()).toEqual(opened);
    expect(asked).toBe(1);
  });

  it('a lock that had stopped opening opens again', async () => {
    lock.losePower();
    authority = offline;
    await unlockUntilRefused();
    await bench.clock.advance(30_000);
    authority = (challenge) => vendor.tellTime(challenge, bench.clock.now());
    expect(await unlock()).toEqual(opened);
  });

  it('a lock that was prepared for has its token before the person has chosen', async () => {
    lock.losePower();
    const { deviceCertificate } = credentials;
    bench.radio.hear(lock);
    await bench.driver.prepare?.(serialNumber, deviceCertificate, { deadlineMs: 10_000 });
    expect(asked).toBe(1);
    expect(await unlock()).toEqual(opened);
    expect(remembered().clock.exact).toBe(true);
    expect(asked).toBe(1);
  });

  it('a lapsed intermediate is refused by a lock that has just learnt the time', async () => {
    credentials = await bench.credentials(lock, { lapsesIn: 60_000 });
    authority = (challenge) => vendor.tellTime(challenge, bench.clock.now() + 120_000);
    expect(await unlock()).toMatchObject({ error: { code: 'lock.chain_refused' } });
  });
});

describe('without it', () => {
  it('a lock opens twenty times, then refuses by name; what it allows survives another loss of power', async () => {
    authority = offline;
    lock.losePower();
    for (let count = 0; count < 5; count += 1) expect(await unlock()).toEqual(opened);
    lock.losePower();
    for (let count = 5; count < allowance; count += 1) expect(await unlock()).toEqual(opened);
    expect(await unlock()).toEqual(outOfTime);
  });

  it('an authority that is silent costs a second and a half, and only the first time', async () => {
    authority = () => new Promise(() => undefined);
    lock.losePower();
    const began = bench.clock.monotonic();
    const first = unlock();
    await bench.settle();
    await bench.clock.advance(1500);
    expect(await first).toEqual(opened);
    expect(await unlock()).toEqual(opened);
    expect(bench.clock.monotonic() - began).toBe(1500);
    expect(asked).toBe(1);
  });

  it('after a failure the authority is asked again in half a minute, not before', async () => {
    authority = offline;
    lock.losePower();
    expect(await unlock()).toEqual(opened);
    await bench.clock.advance(29_999);
    expect(await unlock()).toEqual(opened);
    expect(asked).toBe(1);
    await bench.clock.advance(1);
    expect(await unlock()).toEqual(opened);
    expect(asked).toBe(2);
  });

  it('a person who stops while the authority is asked has opened nothing', async () => {
    authority = () => new Promise(() => undefined);
    lock.losePower();
    const abort = new AbortController();
    const answer = unlock({ signal: abort.signal });
    await bench.settle();
    abort.abort();
    expect(await answer).toMatchObject({ error: { code: 'lock.cancelled' } });
    expect(remembered().unlocksWithoutTime).toBe(allowance);
  });

  it('an authority that breaks is no reason not to open', async () => {
    authority = () => Promise.reject(new TypeError('broken'));
    expect(await unlock()).toEqual(opened);
    expect(bench.logger.lines.some(({ event }) => event === 'no time token')).toBe(true);
  });

  it('a token of another session sets no clock', async () => {
    const stale = await vendor.tellTime(new Uint8Array(32), bench.clock.now());
    authority = () => Promise.resolve(stale);
    lock.losePower();
    await unlockUntilRefused();
    expect(remembered().clock.exact).toBe(false);
  });
});
