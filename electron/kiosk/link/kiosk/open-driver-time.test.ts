/** A lock that has lost its power does not know the time: what it does, and how the driver brings it a time token. */
import { describe, expect } from 'vitest';
import type { LockBenchOptions } from '#support/lock-bench.ts';
import { benchSerial as serialNumber, lockTest } from '#support/lock-on-bench.ts';
import { lockStateSchema } from '#simulators/lock/lock-state.ts';

const command = { holdOpenSeconds: 5, actorHash: new Uint8Array(32).fill(9) };
/** Unlocks that a lock allows without the time. */
const allowance = 20;

/** What the authority does, and how often it was asked. */
interface Authority {
  tell: NonNullable<LockBenchOptions['timeToken']>;
  asked: number;
}
const offline = (): Promise<null> => Promise.resolve(null);

const it = lockTest
  .extend('authority', (): Authority => ({ tell: offline, asked: 0 }))
  .extend('benchOptions', ({ authority }): LockBenchOptions => ({
    timeToken: (challenge) => {
      authority.asked += 1;
      return authority.tell(challenge);
    },
  }))
  .extend('on', ({ vendor, lockBench: bench, memory, lock, credentials, authority }) => {
    const unlock = (options: { signal?: AbortSignal } = {}, used = credentials) => {
      bench.radio.hear(lock);
      return bench.driver.unlock(serialNumber, used, command, { deadlineMs: 10_000, ...options });
    };
    const remembered = () => lockStateSchema.parse(memory.read());
    const unlockUntilRefused = async (): Promise<void> => {
      for (let count = 0; count < allowance; count += 1) expect(await unlock()).toEqual(opened);
      expect(await unlock()).toEqual(outOfTime);
    };
    return { vendor, bench, memory, lock, credentials, authority, unlock, remembered, unlockUntilRefused };
  });

it.beforeEach(async ({ on }) => {
  // So that its floor is not raised by this intermediate once more.
  await on.unlock();
  await on.bench.clock.advance(30_000);
  on.authority.tell = (challenge) => on.vendor.tellTime(challenge, on.bench.clock.now());
  on.authority.asked = 0;
});
const opened = { ok: true, value: { holdOpenSeconds: 5 } };
const outOfTime = {
  ok: false,
  error: { code: 'lock.refused', params: { serialNumber, reason: 'time_untrusted' } },
};
describe('with the authority in reach', () => {
  it('a lock learns the time with its unlock, and does not ask again', async ({ on }) => {
    on.lock.losePower();
    expect(await on.unlock()).toEqual(opened);
    expect(on.remembered().clock).toMatchObject({ exact: true, stopped: false });
    expect(on.remembered().unlocksWithoutTime).toBe(allowance);
    for (let count = 0; count < allowance + 5; count += 1) expect(await on.unlock()).toEqual(opened);
    expect(on.authority.asked).toBe(1);
  });

  it('a lock that had stopped opening opens again', async ({ on }) => {
    on.lock.losePower();
    on.authority.tell = offline;
    await on.unlockUntilRefused();
    await on.bench.clock.advance(30_000);
    on.authority.tell = (challenge) => on.vendor.tellTime(challenge, on.bench.clock.now());
    expect(await on.unlock()).toEqual(opened);
  });

  it('a lock that was prepared for has its token before the person has chosen', async ({ on }) => {
    on.lock.losePower();
    const { deviceCertificate } = on.credentials;
    on.bench.radio.hear(on.lock);
    await on.bench.driver.prepare?.(serialNumber, deviceCertificate, { deadlineMs: 10_000 });
    expect(on.authority.asked).toBe(1);
    expect(await on.unlock()).toEqual(opened);
    expect(on.remembered().clock.exact).toBe(true);
    expect(on.authority.asked).toBe(1);
  });

  it('a lapsed intermediate is refused by a lock that has just learnt the time', async ({ on }) => {
    const lapsing = await on.bench.credentials(on.lock, { lapsesIn: 60_000 });
    on.authority.tell = (challenge) => on.vendor.tellTime(challenge, on.bench.clock.now() + 120_000);
    expect(await on.unlock({}, lapsing)).toMatchObject({ error: { code: 'lock.chain_refused' } });
  });
});

describe('without it', () => {
  it('a lock opens twenty times, then refuses by name; what it allows survives another loss of power', async ({
    on,
  }) => {
    on.authority.tell = offline;
    on.lock.losePower();
    for (let count = 0; count < 5; count += 1) expect(await on.unlock()).toEqual(opened);
    on.lock.losePower();
    for (let count = 5; count < allowance; count += 1) expect(await on.unlock()).toEqual(opened);
    expect(await on.unlock()).toEqual(outOfTime);
  });

  it('an authority that is silent costs a second and a half, and only the first time', async ({ on }) => {
    on.authority.tell = () => new Promise(() => undefined);
    on.lock.losePower();
    const began = on.bench.clock.monotonic();
    const first = on.unlock();
    await on.bench.settle();
    await on.bench.clock.advance(1500);
    expect(await first).toEqual(opened);
    expect(await on.unlock()).toEqual(opened);
    expect(on.bench.clock.monotonic() - began).toBe(1500);
    expect(on.authority.asked).toBe(1);
  });

  it('after a failure the authority is asked again in half a minute, not before', async ({ on }) => {
    on.authority.tell = offline;
    on.lock.losePower();
    expect(await on.unlock()).toEqual(opened);
    await on.bench.clock.advance(29_999);
    expect(await on.unlock()).toEqual(opened);
    expect(on.authority.asked).toBe(1);
    await on.bench.clock.advance(1);
    expect(await on.unlock()).toEqual(opened);
    expect(on.authority.asked).toBe(2);
  });

  it('a person who stops while the authority is asked has opened nothing', async ({ on }) => {
    on.authority.tell = () => new Promise(() => undefined);
    on.lock.losePower();
    const abort = new AbortController();
    const answer = on.unlock({ signal: abort.signal });
    await on.bench.settle();
    abort.abort();
    expect(await answer).toMatchObject({ error: { code: 'lock.cancelled' } });
    expect(on.remembered().unlocksWithoutTime).toBe(allowance);
  });

  it('an authority that breaks is no reason not to open', async ({ on }) => {
    on.authority.tell = () => Promise.reject(new TypeError('broken'));
    expect(await on.unlock()).toEqual(opened);
    expect(on.bench.logger.lines.some(({ event }) => event === 'no time token')).toBe(true);
  });

  it('a token of another session sets no clock', async ({ on }) => {
    const stale = await on.vendor.tellTime(new Uint8Array(32), on.bench.clock.now());
    on.authority.tell = () => Promise.resolve(stale);
    on.lock.losePower();
    await on.unlockUntilRefused();
    expect(on.remembered().clock.exact).toBe(false);
  });
});
