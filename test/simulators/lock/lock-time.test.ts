/** What a lapsed intermediate opens of a lock whose battery a thief can pull, and what a slow clock costs the owner: nothing. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LockCredentials } from '#kiosk/link/lock-driver.ts';
import { createKioskSession } from '#kiosk/link/kiosk/kiosk-session.ts';
import { createSigner } from '#kiosk/link/lock/signer.ts';
import { createFragmenter, createReassembler } from '#kiosk/link/wire/frames.ts';
import { deriveLockKey } from '#kiosk/link/lock/derive-key.ts';
import { systemRandom } from '#kiosk/platform/random.ts';
import type { LockBench } from '#support/lock-bench.ts';
import { benchSerial as serialNumber, useLockOnBench } from '#support/lock-on-bench.ts';
import { tellUnchecked } from '#support/unchecked-kiosk.ts';
import type { LockIdentity, Vendor } from '../live-lock/open-vendor.ts';
import { unlocksWithoutTimeAllowed } from './commands.ts';
import { lockStateSchema, volatileMemory, type LockMemory } from './lock-state.ts';
import { createSimulatedLock, type SimulatedLock } from './simulated-lock.ts';

const dayMs = 86_400_000;
const opened = { type: 'unlock' };
const refused = (refusal: object) => ({ type: 'refused', refusal });
const expired = refused({ reason: 'chain', chain: 'intermediate_expired' });
const outOfTime = refused({ reason: 'time_untrusted' });

let vendor: Vendor;
let bench: LockBench;
let memory: LockMemory;
let identity: LockIdentity;
let lock: SimulatedLock;
let credentials: LockCredentials;

useLockOnBench((on) => {
  ({ vendor, bench, memory, identity, lock, credentials } = on);
});

const remembered = () => lockStateSchema.parse(memory.read());

/** The lock's real-time clock has not run since the lock was switched off. */
const standStill = (of: LockMemory): void => {
  const { clock, ...state } = lockStateSchema.parse(of.read());
  of.write({ ...state, clock: { ...clock, rtcAtFloor: bench.clock.now() } });
};

/** A whole session with a token of the time authority in it, as far as the lock asks for one. */
const tellWithToken = async (to: SimulatedLock, used: LockCredentials): Promise<unknown> => {
  const { deviceCertificate, privateKey } = used;
  const session = createKioskSession({ random: systemRandom, deviceCertificate });
  const signing = { ...used, sign: createSigner(privateKey) };
  const fragmenter = createFragmenter(244);
  const reassembler = createReassembler();
  const heard: Uint8Array[] = [];
  const link = to.connected((frame) => {
    const message = reassembler.push(frame);
    if (message) heard.push(message);
  });
  const exchange = (message: Uint8Array) => {
    for (const frame of fragmenter.fragment(message)) link.receive(frame);
    return session.receive(heard.shift() ?? new Uint8Array());
  };
  const first = session.start();
  const ready = first.type === 'send' ? exchange(first.message) : first;
  if (ready.type !== 'ready') throw new Error(`not ready: ${ready.type}`);
  const token = ready.timeChallenge && (await vendor.tellTime(ready.timeChallenge, bench.clock.now()));
  const flight = session.command({ type: 'status' }, signing, token ? { timeToken: token } : {});
  const answer = flight.type === 'send' ? exchange(flight.message) : flight;
  link.disconnected();
  return { asked: token !== null, result: answer.type === 'result' ? answer.result.type : answer };
};

describe('a battery that is pulled', () => {
  it('takes back a day at most, though nobody has talked to the lock for weeks', async () => {
    expect(await tellWithToken(lock, credentials)).toEqual({ asked: true, result: 'status' });
    const lapsing = await bench.credentials(lock, { lapsesIn: 3 * dayMs });
    await bench.clock.advance(46 * dayMs + 3_600_000);
    expect(tellUnchecked(lock, lapsing)).toEqual(expired);
    const before = remembered().clock.floor;
    lock.losePower();
    expect(tellUnchecked(lock, lapsing)).toEqual(expired);
    expect(before).toBeGreaterThanOrEqual(bench.clock.now() - dayMs);
  });

  it('leaves twenty openings, also to an intermediate that the lock has not heard yet, and no more when it is pulled again', async () => {
    expect(await tellWithToken(lock, credentials)).toMatchObject({ result: 'status' });
    const stolen = await bench.credentials(lock, { startsIn: 7 * dayMs, lapsesIn: 21 * dayMs });
    await bench.clock.advance(30 * dayMs);
    lock.losePower();
    // Its notBefore is above nothing that the lock has noted, or it is: shown first or last, it is a lower bound.
    const another = await bench.credentials(lock, { startsIn: 60_000 });
    expect(tellUnchecked(lock, another)).toMatchObject(opened);
    expect(tellUnchecked(lock, stolen)).toEqual(expired);
    for (let count = 1; count < unlocksWithoutTimeAllowed; count += 1) {
      if (count % 7 === 0) lock.losePower();
      expect(tellUnchecked(lock, another)).toMatchObject(opened);
    }
    lock.losePower();
    expect(tellUnchecked(lock, await bench.credentials(lock, { startsIn: 120_000 }))).toEqual(outOfTime);
  });

  it('gives no opening back with a release and a new owner', async () => {
    lock.losePower();
    for (let count = 0; count < unlocksWithoutTimeAllowed; count += 1) tellUnchecked(lock, credentials);
    const { secret } = vendor.openEnrolmentCode(lock.enrolmentCode());
    const token = vendor.signRelease(serialNumber, deriveLockKey(secret, serialNumber).publicKey);
    expect(tellUnchecked(lock, credentials, { type: 'release', token })).toEqual({ type: 'release' });
    const next = await bench.credentials(lock, { startsIn: 60_000 });
    expect(tellUnchecked(lock, next, { type: 'provision' })).toMatchObject({ type: 'provision' });
    expect(tellUnchecked(lock, next)).toEqual(outOfTime);
    expect(await tellWithToken(lock, next)).toEqual({ asked: true, result: 'status' });
    expect(tellUnchecked(lock, next)).toMatchObject(opened);
  });

  it('opens with lapsed intermediates no more often than stated, whatever is done in whatever order', async () => {
    const step = fc.oneof(
      {
        weight: 3,
        arbitrary: fc.record({ do: fc.constant('pull' as const), ms: fc.nat(20 * dayMs) }),
      },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const) }) },
      {
        weight: 8,
        arbitrary: fc.record({ do: fc.constant('show' as const), which: fc.nat(5), times: fc.nat(12) }),
      },
      {
        weight: 4,
        arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.nat(9 * dayMs) }),
      },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('token' as const) }) },
    );
    let lapsedOpenings = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
        const kept = volatileMemory();
        const make = () =>
          createSimulatedLock({ identity, clock: bench.clock, random: systemRandom, memory: kept });
        let tried = make();
        tried.provisionAtFactory(bench.customer.publicKey);
        const begun = bench.clock.now();
        // Renewed each week and good for two: what a thief may hold all of.
        const chains = await Promise.all(
          Array.from({ length: 6 }, async (_, week) => ({
            lapses: begun + (7 * week + 14) * dayMs,
            chain: await bench.credentials(tried, {
              startsIn: 7 * week * dayMs - 60_000,
              lapsesIn: (7 * week + 14) * dayMs,
            }),
          })),
        );
        const [first] = chains;
        if (!first) throw new Error('no chain');
        await tellWithToken(tried, first.chain);
        let since = 0;
        for (const next of steps) {
          switch (next.do) {
            case 'pull':
              tried.dispose();
              await bench.clock.advance(next.ms);
              standStill(kept);
              tried = make();
              tried.losePower();
              break;
            case 'restart':
              tried.dispose();
              tried = make();
              break;
            case 'wait':
              await bench.clock.advance(next.ms);
              break;
            case 'token': {
              const newest = await bench.credentials(tried);
              await tellWithToken(tried, newest);
              since = 0;
              break;
            }
            case 'show': {
              const { lapses, chain } = chains[next.which] ?? first;
              for (let count = 0; count < next.times; count += 1) {
                const answer = tellUnchecked(tried, chain);
                const didOpen = typeof answer === 'object' && answer?.type === 'unlock';
                if (!didOpen || bench.clock.now() <= lapses) continue;
                since += 1;
                lapsedOpenings += 1;
              }
            }
          }
          expect(since).toBeLessThanOrEqual(unlocksWithoutTimeAllowed);
        }
        tried.dispose();
      }),
      { numRuns: 60, seed: 7 },
    );
    // It was tried, then: the bound is not kept by opening nothing.
    expect(lapsedOpenings).toBeGreaterThan(0);
  }, 60_000);
});

describe('a clock that runs slow', () => {
  it('is told so by an intermediate that was renewed just now: the lock opens, and asks for the time', async () => {
    expect(await tellWithToken(lock, credentials)).toEqual({ asked: true, result: 'status' });
    expect(await tellWithToken(lock, credentials)).toEqual({ asked: false, result: 'status' });
    // The lock's clock stands for the 42 minutes that a crystal of 40 ppm loses in two years.
    lock.dispose();
    bench.clock.jump(42 * 60_000);
    standStill(memory);
    lock = await bench.makeLock(serialNumber, { memory, identity });
    const renewed = await bench.credentials(lock);
    expect(await tellWithToken(lock, credentials)).toEqual({ asked: false, result: 'status' });
    expect(tellUnchecked(lock, renewed)).toMatchObject(opened);
    expect(remembered().clock).toMatchObject({ exact: false, stopped: false });
    for (let count = 0; count < 2 * unlocksWithoutTimeAllowed; count += 1)
      expect(tellUnchecked(lock, renewed)).toMatchObject(opened);
    expect(await tellWithToken(lock, renewed)).toEqual({ asked: true, result: 'status' });
    expect(remembered().clock.floor).toBe(bench.clock.now());
  });
});
