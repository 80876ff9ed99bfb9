/** What the driver makes of locks and links that behave as no honest ones do, and when it stops trying. */
import { describe, expect } from 'vitest';
import { createAgreementLimiter } from '#simulators/lock/agreement-limiter.ts';
import { createLockConnection } from '#simulators/lock/lock-connection.ts';
import type { LockPeripheral } from '#simulators/lock/peripheral.ts';
import type { SimulatedLock } from '#simulators/lock/simulated-lock.ts';
import { benchSerial as serialNumber, lockTest } from '#support/lock-on-bench.ts';
import { systemRandom } from '../../platform/random.ts';
import { createCertificateCache } from '../lock/certificate-cache.ts';
import { rootKeyOf } from './device-certificate.ts';
import { createLockSession } from '../lock/lock-session.ts';
import type { CommandResult } from '../wire/results.ts';
import { createSigner } from '../lock/signer.ts';

const limits = { deadlineMs: 10_000 };
const command = { holdOpenSeconds: 5, actorHash: new Uint8Array(32) };

const it = lockTest.extend('on', ({ vendor, lockBench: bench, identity, lock, credentials }) => {
  const unlock = (options: object = {}, used = credentials) =>
    bench.driver.unlock(serialNumber, used, command, { ...limits, ...options });
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
  const prepare = (wanted: SimulatedLock) =>
    bench.driver.prepare?.(wanted.serialNumber, wanted.deviceCertificate, limits);
  return { vendor, bench, identity, lock, credentials, unlock, answering, prepare };
});

const failed = (code: string) => ({ ok: false, error: { code, params: { serialNumber } } });
const noted = (): undefined => undefined;

describe('a genuine lock that answers something else than it was asked', () => {
  const flags = { provisioned: true, boltOpen: false, tamper: false, batteryLow: false, battery: 9 };
  const status = { type: 'status', status: flags } as const;

  it('is not believed to have opened, been bound or released', async ({ on }) => {
    on.bench.radio.add(on.answering(status));
    expect(await on.unlock()).toEqual(failed('lock.outcome_unknown'));
    expect(await on.bench.driver.provision(serialNumber, on.credentials, limits)).toEqual(
      failed('lock.outcome_unknown'),
    );
    const token = Uint8Array.of(1);
    expect(await on.bench.driver.release(serialNumber, on.credentials, token, limits)).toEqual(
      failed('lock.outcome_unknown'),
    );
  });

  it('has said nothing of its state, its ring or its lamp', async ({ on }) => {
    on.bench.radio.add(on.answering({ type: 'unlock', holdOpenSeconds: 5 }));
    for (const answer of [
      await on.bench.driver.status(serialNumber, on.credentials, limits),
      await on.bench.driver.events(serialNumber, on.credentials, 0, limits),
      await on.bench.driver.identify(serialNumber, on.credentials, limits),
    ])
      expect(answer).toEqual(failed('lock.protocol'));
  });
});

describe('trying again', () => {
  it('ends after three links that were lost before the command', async ({ on }) => {
    on.bench.radio.frameFault = () => 'lose_before';
    expect(await on.unlock()).toEqual(failed('lock.link_lost'));
    expect(on.bench.radio.connections).toBe(3);
  });

  it('does not begin when there is too little time for it', async ({ on }) => {
    on.bench.radio.frameFault = () => 'lose_before';
    expect(await on.unlock({ deadlineMs: 1400 })).toEqual(failed('lock.link_lost'));
    expect(on.bench.radio.connections).toBe(1);
  });

  it('forgets an address that the radio does not know: the unlock waits for the lock’s new one', async ({
    on,
  }) => {
    const { advertising, scanResponse } = on.lock.advertisement();
    on.bench.radio.hearRaw({
      peer: 'an address of yesterday',
      rssi: -60,
      manufacturerData: advertising.slice(23),
      serviceData: scanResponse.slice(18),
    });
    const next = on.unlock();
    await on.bench.settle();
    on.bench.radio.hear(on.lock);
    expect(await next).toMatchObject({ ok: true });
  });
});

describe('a line that was connected on a guess', () => {
  it('makes room for the next guess, which is then really connected', async ({ on }) => {
    const other = await on.bench.makeLock('0000051a00000006', { provisioned: true });
    await on.prepare(on.lock);
    expect(await on.prepare(other)).toMatchObject({ ok: true });
    expect(on.bench.radio.connections).toBe(2);
    const theirs = await on.bench.credentials(other);
    expect(await on.bench.driver.unlock(other.serialNumber, theirs, command, limits)).toMatchObject({
      ok: true,
    });
    expect(on.bench.radio.connections).toBe(2);
  });

  it('serves only who expects the very lock that it was connected to', async ({ on }) => {
    const twin = await on.vendor.manufactureLock(serialNumber, 'CAM');
    expect(twin.deviceCertificate).not.toEqual(on.lock.deviceCertificate);
    await on.prepare(on.lock);
    expect(await on.unlock({}, { ...on.credentials, deviceCertificate: twin.deviceCertificate })).toEqual(
      failed('lock.not_genuine'),
    );
  });
});

it('commits before the last frame of the command leaves, and not before the one before it', async ({
  on,
}) => {
  let sent = 0;
  let sentAtCommit = -1;
  on.bench.radio.frameFault = (direction) => {
    if (direction === 'toLock') sent += 1;
    return 'deliver';
  };
  expect(await on.unlock({ onCommitted: () => (sentAtCommit = sent) })).toMatchObject({ ok: true });
  expect(sentAtCommit).toBe(sent - 1);
});
