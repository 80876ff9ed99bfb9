/** What somebody beside a lock, without a key, costs it for as long as he likes: bounded, and never at its owner's cost. */
import { describe, expect } from 'vitest';
import { createKioskSession } from '#kiosk/link/kiosk/kiosk-session.ts';
import { createFragmenter } from '#kiosk/link/wire/frames.ts';
import { systemRandom, type Random } from '#kiosk/platform/random.ts';
import { createLockBench } from '#support/lock-bench.ts';
import { benchSerial as serialNumber, lockTest } from '#support/lock-on-bench.ts';
import { tellUnchecked } from '#support/unchecked-kiosk.ts';
import type { LockMemory } from './lock-state.ts';
import type { LockConnection } from './peripheral.ts';
import { createSimulatedLock } from './simulated-lock.ts';

const hour = 3_600_000;
const atOnce = 32;
const anHour = 900;
const perLink = 4;

const it = lockTest
  /** What the lock has done: key agreements, each with a key pair and a signature, and writes of its memory. */
  .extend('counts', () => ({ agreements: 0, writes: 0 }))
  .extend('lock', ({ lockBench: bench, identity, memory, counts }) => {
    const random: Random = {
      ...systemRandom,
      bytes: (length) => {
        if (length === 32) counts.agreements += 1;
        return systemRandom.bytes(length);
      },
    };
    const counted: LockMemory = {
      ...memory,
      write: (state) => {
        counts.writes += 1;
        memory.write(state);
      },
    };
    const lock = createSimulatedLock({ identity, clock: bench.clock, random, memory: counted });
    lock.provisionAtFactory(bench.customer.publicKey);
    Object.assign(counts, { agreements: 0, writes: 0 });
    return lock;
  })
  /** A message 1. One made once will do: the lock can't know. */
  .extend('first', ({ credentials }): Uint8Array => {
    const { deviceCertificate } = credentials;
    return createKioskSession({ random: systemRandom, deviceCertificate }).start().message;
  })
  .extend('on', ({ vendor, lockBench: bench, identity, lock, credentials, counts, first }) => {
    const connect = (): { readonly link: LockConnection; readonly send: () => void; heard: number } => {
      const fragmenter = createFragmenter(244);
      const state = { heard: 0 };
      const link = lock.connected(() => (state.heard += 1));
      return {
        link,
        send: () => {
          for (const frame of fragmenter.fragment(first)) link.receive(frame);
        },
        get heard() {
          return state.heard;
        },
      };
    };
    const failFor = async (hours: number, between: () => void): Promise<void> => {
      const foreign = await bench.credentials(lock, { customer: await vendor.addCustomer('other') });
      for (let minute = 0; minute < hours * 60; minute += 5) {
        tellUnchecked(lock, foreign);
        between();
        await bench.clock.advance(5 * 60_000);
      }
    };
    return { vendor, bench, identity, lock, credentials, counts, first, connect, failFor };
  });

describe('message 1', () => {
  it('sent two thousand times over one link is answered four times', async ({ on }) => {
    const stranger = on.connect();
    for (let sent = 0; sent < 2_000; sent += 1) stranger.send();
    await on.bench.clock.advance(60_000);
    expect([on.counts.agreements, stranger.heard]).toEqual([perLink, perLink]);
  });

  it('sent over link after link for an hour is answered 32 times at once, then 900 times an hour', async ({
    on,
  }) => {
    for (let second = 0; second < hour / 1_000; second += 2) {
      const stranger = on.connect();
      stranger.send();
      await on.bench.clock.advance(2_000);
      stranger.link.disconnected();
    }
    expect(on.counts.agreements).toBeLessThanOrEqual(atOnce + anHour);
    expect(on.counts.agreements).toBeGreaterThanOrEqual(anHour);
  });

  it('is answered after a link has ended to nobody', async ({ on }) => {
    for (let count = 0; count < atOnce; count += 1) on.connect().send();
    const stranger = on.connect();
    stranger.send();
    stranger.link.disconnected();
    await on.bench.clock.advance(60_000);
    expect([on.counts.agreements, stranger.heard]).toEqual([atOnce, 0]);
  });

  it('of a kiosk that proves itself costs nothing of what strangers may', ({ on }) => {
    for (let count = 0; count < 3 * atOnce; count += 1)
      expect(tellUnchecked(on.lock, on.credentials)).toMatchObject({ type: 'unlock' });
  });
});

it('the owner is served within four seconds, also in a flood and in a pause, again and again', async ({
  on,
}) => {
  const flooded = await createLockBench(on.vendor);
  const own = await flooded.makeLock(serialNumber, { identity: on.identity, provisioned: true });
  const key = await flooded.credentials(own);
  const foreign = await flooded.credentials(own, { customer: await on.vendor.addCustomer('other') });
  for (let round = 0; round < 10; round += 1) {
    for (let count = 0; count < 2 * atOnce; count += 1) tellUnchecked(own, foreign);
    flooded.radio.hear(own);
    const began = flooded.clock.monotonic();
    const running: { tookMs: number | null } = { tookMs: null };
    const answer = flooded.driver
      .unlock(
        serialNumber,
        key,
        { holdOpenSeconds: 1, actorHash: new Uint8Array(32) },
        { deadlineMs: 10_000 },
      )
      .finally(() => (running.tookMs = flooded.clock.monotonic() - began));
    while (running.tookMs === null) {
      await flooded.settle();
      await flooded.clock.advance(250);
    }
    expect(await answer).toMatchObject({ ok: true });
    expect(running.tookMs).toBeLessThanOrEqual(4_250);
  }
  await flooded.dispose();
});

describe('the memory', () => {
  it('is written 29 times in a day of failing on purpose, and 24 times in each further one', async ({
    on,
  }) => {
    await on.failFor(24, () => undefined);
    expect(on.counts.writes).toBeLessThanOrEqual(29);
    const day = on.counts.writes;
    await on.failFor(24, () => undefined);
    expect(on.counts.writes - day).toBeLessThanOrEqual(24);
  });

  it('is written no more for it where the owner opens between the failures', async ({ on }) => {
    let openings = 0;
    await on.failFor(24, () => {
      openings += 1;
      expect(tellUnchecked(on.lock, on.credentials)).toMatchObject({ type: 'unlock' });
    });
    expect(on.counts.writes - openings).toBeLessThanOrEqual(29);
  });

  it('is written once for what the root has signed, however often it is shown', async ({ on }) => {
    const foreign = await on.bench.credentials(on.lock, { customer: await on.vendor.addCustomer('other') });
    // Failures are written no more: what is written from here on is written for something else.
    for (let count = 0; count < 5; count += 1) tellUnchecked(on.lock, foreign);
    const list = (version: number): Uint8Array =>
      on.vendor.signRevocations(on.bench.customer, { version, minCustomerEpoch: 0, locks: [] });
    const writesFor = (show: () => unknown): number => {
      const before = on.counts.writes;
      for (let count = 0; count < 4; count += 1) show();
      return on.counts.writes - before;
    };
    const shows = (revocationList: Uint8Array) => () =>
      tellUnchecked(on.lock, foreign, { type: 'status' }, { revocationList });
    expect([1, 2].map((version) => writesFor(shows(list(version))))).toEqual([1, 1]);
    // The owner's newest intermediate, with another lock's key.
    const other = await on.bench.makeLock('0000051a00000006', { provisioned: true });
    const renewed = {
      ...(await on.bench.credentials(other, { startsIn: hour })),
      deviceCertificate: foreign.deviceCertificate,
    };
    expect(writesFor(() => tellUnchecked(on.lock, renewed))).toBe(1);
  });

  it('is not written for a question', ({ on }) => {
    tellUnchecked(on.lock, on.credentials);
    const before = on.counts.writes;
    tellUnchecked(on.lock, on.credentials, { type: 'status' });
    tellUnchecked(on.lock, on.credentials, { type: 'events', after: 0 });
    tellUnchecked(on.lock, on.credentials, { type: 'identify' });
    expect(on.counts.writes).toBe(before);
  });
});
