/** What somebody beside a lock, without a key, costs it for as long as he likes: bounded, and never at its owner's cost. */
import { beforeEach, describe, expect, it } from 'vitest';
import { createKioskSession } from '#kiosk/link/kiosk/kiosk-session.ts';
import { createFragmenter } from '#kiosk/link/wire/frames.ts';
import type { LockCredentials } from '#kiosk/link/lock-driver.ts';
import { systemRandom, type Random } from '#kiosk/platform/random.ts';
import { createLockBench, type LockBench } from '#support/lock-bench.ts';
import { benchSerial as serialNumber, useLockOnBench } from '#support/lock-on-bench.ts';
import { tellUnchecked } from '#support/unchecked-kiosk.ts';
import type { LockIdentity, Vendor } from '../live-lock/open-vendor.ts';
import { volatileMemory } from './lock-state.ts';
import type { LockConnection } from './peripheral.ts';
import { createSimulatedLock, type SimulatedLock } from './simulated-lock.ts';

const hour = 3_600_000;
const atOnce = 32;
const anHour = 900;
const perLink = 4;

let vendor: Vendor;
let bench: LockBench;
let identity: LockIdentity;
let credentials: LockCredentials;
let lock: SimulatedLock;
/** Each is a key pair, a key agreement and a signature. */
let agreements: number;
/** A message 1. One made once will do: the lock can't know. */
let first: Uint8Array;
let writes: number;

useLockOnBench((on) => ({ vendor, bench, identity } = on));

beforeEach(async () => {
  agreements = 0;
  writes = 0;
  const random: Random = {
    ...systemRandom,
    bytes: (length) => {
      if (length === 32) agreements += 1;
      return systemRandom.bytes(length);
    },
  };
  const memory = volatileMemory();
  lock = createSimulatedLock({
    identity,
    clock: bench.clock,
    random,
    memory: {
      ...memory,
      write: (state) => {
        writes += 1;
        memory.write(state);
      },
    },
  });
  lock.provisionAtFactory(bench.customer.publicKey);
  credentials = await bench.credentials(lock);
  first = message1();
  agreements = 0;
  writes = 0;
});

const message1 = (): Uint8Array => {
  const { deviceCertificate } = credentials;
  const session = createKioskSession({ random: systemRandom, deviceCertificate });
  const first = session.start();
  if (first.type !== 'send') throw new Error('no message 1');
  return first.message;
};
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

describe('message 1', () => {
  it('sent two thousand times over one link is answered four times', async () => {
    const stranger = connect();
    for (let sent = 0; sent < 2_000; sent += 1) stranger.send();
    await bench.clock.advance(60_000);
    expect([agreements, stranger.heard]).toEqual([perLink, perLink]);
  });

  it('sent over link after link for an hour is answered 32 times at once, then 900 times an hour', async () => {
    for (let second = 0; second < hour / 1_000; second += 2) {
      const stranger = connect();
      stranger.send();
      await bench.clock.advance(2_000);
      stranger.link.disconnected();
    }
    expect(agreements).toBeLessThanOrEqual(atOnce + anHour);
    expect(agreements).toBeGreaterThanOrEqual(anHour);
  });

  it('is answered after a link has ended to nobody', async () => {
    for (let count = 0; count < atOnce; count += 1) connect().send();
    const stranger = connect();
    stranger.send();
    stranger.link.disconnected();
    await bench.clock.advance(60_000);
    expect([agreements, stranger.heard]).toEqual([atOnce, 0]);
  });

  it('of a kiosk that proves itself costs nothing of what strangers may', () => {
    for (let count = 0; count < 3 * atOnce; count += 1)
      expect(tellUnchecked(lock, credentials)).toMatchObject({ type: 'unlock' });
  });
});

it('the owner is served within four seconds, also in a flood and in a pause, again and again', async () => {
  const flooded = await createLockBench(vendor);
  const own = await flooded.makeLock(serialNumber, { identity, provisioned: true });
  const key = await flooded.credentials(own);
  const foreign = await flooded.credentials(own, { customer: await vendor.addCustomer('other') });
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
  const failFor = async (hours: number, between: () => void): Promise<void> => {
    const foreign = await bench.credentials(lock, { customer: await vendor.addCustomer('other') });
    for (let minute = 0; minute < hours * 60; minute += 5) {
      tellUnchecked(lock, foreign);
      between();
      await bench.clock.advance(5 * 60_000);
    }
  };

  it('is written 29 times in a day of failing on purpose, and 24 times in each further one', async () => {
    await failFor(24, () => undefined);
    expect(writes).toBeLessThanOrEqual(29);
    const day = writes;
    await failFor(24, () => undefined);
    expect(writes - day).toBeLessThanOrEqual(24);
  });

  it('is written no more for it where the owner opens between the failures', async () => {
    let openings = 0;
    await failFor(24, () => {
      openings += 1;
      expect(tellUnchecked(lock, credentials)).toMatchObject({ type: 'unlock' });
    });
    expect(writes - openings).toBeLessThanOrEqual(29);
  });

  it('is written once for what the root has signed, however often it is shown', async () => {
    const foreign = await bench.credentials(lock, { customer: await vendor.addCustomer('other') });
    // Failures are written no more: what is written from here on is written for something else.
    for (let count = 0; count < 5; count += 1) tellUnchecked(lock, foreign);
    const list = (version: number): Uint8Array =>
      vendor.signRevocations(bench.customer, { version, minCustomerEpoch: 0, locks: [] });
    const writesFor = (show: () => unknown): number => {
      const before = writes;
      for (let count = 0; count < 4; count += 1) show();
      return writes - before;
    };
    const shows = (revocationList: Uint8Array) => () =>
      tellUnchecked(lock, foreign, { type: 'status' }, { revocationList });
    expect([1, 2].map((version) => writesFor(shows(list(version))))).toEqual([1, 1]);
    // The owner's newest intermediate, with another lock's key.
    const other = await bench.makeLock('0000051a00000006', { provisioned: true });
    const renewed = {
      ...(await bench.credentials(other, { startsIn: hour })),
      deviceCertificate: foreign.deviceCertificate,
    };
    expect(writesFor(() => tellUnchecked(lock, renewed))).toBe(1);
  });

  it('is not written for a question', () => {
    tellUnchecked(lock, credentials);
    const before = writes;
    tellUnchecked(lock, credentials, { type: 'status' });
    tellUnchecked(lock, credentials, { type: 'events', after: 0 });
    tellUnchecked(lock, credentials, { type: 'identify' });
    expect(writes).toBe(before);
  });
});
