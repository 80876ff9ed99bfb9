/** What the driver makes of locks and links that behave as no honest ones do, and when it stops trying. */
import { describe, expect, it } from 'vitest';
import { createAgreementLimiter } from '#simulators/lock/agreement-limiter.ts';
import { createLockConnection } from '#simulators/lock/lock-connection.ts';
import type { LockPeripheral } from '#simulators/lock/peripheral.ts';
import type { SimulatedLock } from '#simulators/lock/simulated-lock.ts';
import type { LockIdentity, Vendor } from '#simulators/live-lock/open-vendor.ts';
import type { LockBench } from '#support/lock-bench.ts';
import { benchSerial as serialNumber, useLockOnBench } from '#support/lock-on-bench.ts';
import { systemRandom } from '../../platform/random.ts';
import { createCertificateCache } from '../lock/certificate-cache.ts';
import { rootKeyOf } from './device-certificate.ts';
import type { LockCredentials } from '../lock-driver.ts';
import { createLockSession } from '../lock/lock-session.ts';
import type { CommandResult } from '../wire/results.ts';
import { createSigner } from '../lock/signer.ts';

const limits = { deadlineMs: 10_000 };
const command = { holdOpenSeconds: 5, actorHash: new Uint8Array(32) };

let vendor: Vendor;
let bench: LockBench;
let identity: LockIdentity;
let lock: SimulatedLock;
let credentials: LockCredentials;

useLockOnBench((on) => {
  ({ vendor, bench, identity, lock, credentials } = on);
});

const failed = (code: string) => ({ ok: false, error: { code, params: { serialNumber } } });
const unlock = (options: object = {}, used = credentials) =>
  bench.driver.unlock(serialNumber, used, command, { ...limits, ...options });
const noted = (): undefined => undefined;

describe('a genuine lock that answers something else than it was asked', () => {
  /** Authenticated as it should be, and always with the same answer. */
  const answering = (answer: CommandResult): LockPeripheral => ({
    ...lock,
    connected: (notify) =>
      createLockConnection({
        clock: bench.clock,
        frameSize: 244,
        silenceMs: 15_000,
        notify,
        obey: () => answer,
        identify: () => false,
        mayFailAgain: () => true,
        failed: noted,
        agreements: createAgreementLimiter(bench.clock),
        session: createLockSession({
          random: systemRandom,
          deviceCertificate: identity.deviceCertificate,
          sign: createSigner(identity.devicePrivateKey),
          cache: createCertificateCache(),
          wantsTime: () => false,
          raiseTimeFloor: noted,
          setTime: noted,
          revoke: noted,
          expectations: () => ({
            roots: [rootKeyOf(identity.root)],
            serialNumber,
            now: bench.clock.now(),
            minCustomerEpoch: 0,
            minKeyEpoch: 0,
            keyPublic: null,
            customerKey: null,
          }),
        }),
      }),
  });
  const flags = { provisioned: true, boltOpen: false, tamper: false, batteryLow: false, battery: 9 };
  const status = { type: 'status', status: flags } as const;

  it('is not believed to have opened, been bound or released', async () => {
    bench.radio.add(answering(status));
    expect(await unlock()).toEqual(failed('lock.outcome_unknown'));
    expect(await bench.driver.provision(serialNumber, credentials, limits)).toEqual(
      failed('lock.outcome_unknown'),
    );
    const token = Uint8Array.of(1);
    expect(await bench.driver.release(serialNumber, credentials, token, limits)).toEqual(
      failed('lock.outcome_unknown'),
    );
  });

  it('has said nothing of its state, its ring or its lamp', async () => {
    bench.radio.add(answering({ type: 'unlock', holdOpenSeconds: 5 }));
    for (const answer of [
      await bench.driver.status(serialNumber, credentials, limits),
      await bench.driver.events(serialNumber, credentials, 0, limits),
      await bench.driver.identify(serialNumber, credentials, limits),
    ])
      expect(answer).toEqual(failed('lock.protocol'));
  });
});

describe('trying again', () => {
  it('ends after three links that were lost before the command', async () => {
    bench.radio.frameFault = () => 'lose_before';
    expect(await unlock()).toEqual(failed('lock.link_lost'));
    expect(bench.radio.connections).toBe(3);
  });

  it('does not begin when there is too little time for it', async () => {
    bench.radio.frameFault = () => 'lose_before';
    expect(await unlock({ deadlineMs: 1400 })).toEqual(failed('lock.link_lost'));
    expect(bench.radio.connections).toBe(1);
  });

  it('forgets an address that the radio does not know: the unlock waits for the lock’s new one', async () => {
    const { advertising, scanResponse } = lock.advertisement();
    bench.radio.hearRaw({
      peer: 'an address of yesterday',
      rssi: -60,
      manufacturerData: advertising.slice(23),
      serviceData: scanResponse.slice(18),
    });
    const next = unlock();
    await bench.settle();
    bench.radio.hear(lock);
    expect(await next).toMatchObject({ ok: true });
  });
});

describe('a line that was connected on a guess', () => {
  const prepare = (wanted: SimulatedLock) =>
    bench.driver.prepare?.(wanted.serialNumber, wanted.deviceCertificate, limits);

  it('makes room for the next guess, which is then really connected', async () => {
    const other = await bench.makeLock('0000051a00000006', { provisioned: true });
    await prepare(lock);
    expect(await prepare(other)).toMatchObject({ ok: true });
    expect(bench.radio.connections).toBe(2);
    const theirs = await bench.credentials(other);
    expect(await bench.driver.unlock(other.serialNumber, theirs, command, limits)).toMatchObject({
      ok: true,
    });
    expect(bench.radio.connections).toBe(2);
  });

  it('serves only who expects the very lock that it was connected to', async () => {
    const twin = await vendor.manufactureLock(serialNumber, 'CAM');
    expect(twin.deviceCertificate).not.toEqual(lock.deviceCertificate);
    await prepare(lock);
    expect(await unlock({}, { ...credentials, deviceCertificate: twin.deviceCertificate })).toEqual(
      failed('lock.not_genuine'),
    );
  });
});

it('commits before the last frame of the command leaves, and not before the one before it', async () => {
  let sent = 0;
  let sentAtCommit = -1;
  bench.radio.frameFault = (direction) => {
    if (direction === 'toLock') sent += 1;
    return 'deliver';
  };
  expect(await unlock({ onCommitted: () => (sentAtCommit = sent) })).toMatchObject({ ok: true });
  expect(sentAtCommit).toBe(sent - 1);
});
