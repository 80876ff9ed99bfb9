/** Giving a lock back: what the open driver answers, and what becomes of the lock. */
import { describe, expect, it } from 'vitest';
import { fail, ok } from '#shared/errors/app-error.ts';
import type { LockBench } from '#support/lock-bench.ts';
import { benchSerial as serialNumber, useLockOnBench } from '#support/lock-on-bench.ts';
import { tellUnchecked } from '#support/unchecked-kiosk.ts';
import type { SimulatedLock } from '#simulators/lock/simulated-lock.ts';
import type { Vendor } from '#simulators/live-lock/open-vendor.ts';
import { readCertificate } from '../wire/certificates.ts';
import { decodeInfo } from '../wire/info.ts';
import type { LockCredentials, LockOperation } from '../lock-driver.ts';

const actorHash = new Uint8Array(32).fill(9);
const limits = { deadlineMs: 10_000 };

let vendor: Vendor;
let bench: LockBench;
let lock: SimulatedLock;
let credentials: LockCredentials;
let token: Uint8Array;

useLockOnBench((on) => {
  ({ vendor, bench, lock, credentials } = on);
  token = vendor.signRelease(serialNumber, readCertificate(credentials.keyCertificate).publicKey);
});

const release = (options: Partial<LockOperation> & { token?: Uint8Array } = {}) =>
  bench.driver.release(serialNumber, credentials, options.token ?? token, { ...limits, ...options });
const isProvisioned = (): boolean => decodeInfo(lock.readInfo()).provisioned;

describe('release', () => {
  it('makes the lock new: another code, another key, and it can be enrolled again', async () => {
    const oldCode = lock.enrolmentCode();
    const commits: string[] = [];
    const stages: string[] = [];
    const answer = await release({
      onStage: (stage) => stages.push(stage),
      onCommitted: () => commits.push(stages.at(-1) ?? ''),
    });
    expect(answer).toEqual(ok(null));
    expect(commits).toEqual(['actuate']);
    expect(isProvisioned()).toBe(false);
    const offer = await bench.driver.readEnrolment(serialNumber, new Uint8Array(32), limits);
    expect(offer).toMatchObject({ ok: true });
    expect(offer.ok && Buffer.compare(offer.value.enrolmentCode, oldCode)).not.toBe(0);
    const renewed = await bench.credentials(lock);
    expect(await bench.driver.provision(serialNumber, renewed, limits)).toMatchObject({ ok: true });
    const command = { holdOpenSeconds: 5, actorHash };
    expect(await bench.driver.unlock(serialNumber, renewed, command, limits)).toMatchObject({ ok: true });
    expect(await bench.driver.unlock(serialNumber, credentials, command, limits)).toEqual(
      fail('lock.chain_refused', { serialNumber, reason: 'key_other_key' }),
    );
  });

  it('needs no key that is in force, only the root’s token; nothing else goes with a revoked key, a wrong token neither', async () => {
    const revocationList = vendor.signRevocations(bench.customer, {
      version: 1,
      minCustomerEpoch: 0,
      locks: [{ serialNumber, minKeyEpoch: 2 }],
    });
    const revoked = fail('lock.chain_refused', { serialNumber, reason: 'key_epoch_revoked' });
    expect(tellUnchecked(lock, credentials, { type: 'status' }, { revocationList })).toMatchObject({
      refusal: { chain: 'key_epoch_revoked' },
    });
    const { publicKey } = readCertificate(credentials.keyCertificate);
    for (const wrong of [vendor.signRelease('0000051a00000006', publicKey), new Uint8Array(80)])
      expect(await release({ token: wrong })).toEqual(revoked);
    expect(await bench.driver.status(serialNumber, credentials, limits)).toEqual(revoked);
    const lapsed = await bench.credentials(lock, { startsIn: -200_000, lapsesIn: -120_000 });
    expect(tellUnchecked(lock, lapsed, { type: 'release', token })).toMatchObject({
      refusal: { chain: 'intermediate_expired' },
    });
    expect(isProvisioned()).toBe(true);
    expect(await release()).toEqual(ok(null));
    expect(isProvisioned()).toBe(false);
  });

  it('of a lock that has been released answers ok: the first answer may have got lost', async () => {
    let committed = false;
    // The command arrives, its answer does not.
    bench.radio.frameFault = (direction) => (committed && direction === 'toKiosk' ? 'vanish' : 'deliver');
    const left = Promise.withResolvers<undefined>();
    const lost = release({
      onCommitted: () => {
        committed = true;
        left.resolve(undefined);
      },
    });
    await left.promise;
    await bench.settle();
    await bench.clock.advance(10_000);
    expect(await lost).toEqual(fail('lock.outcome_unknown', { serialNumber }));
    expect(isProvisioned()).toBe(false);
    bench.radio.frameFault = () => 'deliver';
    bench.radio.hear(lock);
    expect(await release()).toEqual(ok(null));
    expect(await release()).toEqual(ok(null));
    expect(isProvisioned()).toBe(false);
  });

  it('with a token of another lock, another key or another signer is refused, and the lock stays', async () => {
    const { publicKey } = readCertificate(credentials.keyCertificate);
    const wrong = [
      vendor.signRelease('0000051a00000006', publicKey),
      vendor.signRelease(serialNumber, bench.customer.publicKey),
      token.with(-1, (token.at(-1) ?? 0) ^ 1),
      Uint8Array.of(1, 2, 3),
      new Uint8Array(513),
    ];
    for (const each of wrong) {
      expect(await release({ token: each })).toEqual(
        fail('lock.refused', { serialNumber, reason: 'bad_token' }),
      );
    }
    expect(isProvisioned()).toBe(true);
    expect(await release()).toEqual(ok(null));
  });

  it('can be stopped until the command leaves, and not afterwards', async () => {
    const early = new AbortController();
    const stopped = await release({
      signal: early.signal,
      onStage: (stage) => {
        if (stage === 'actuate') early.abort();
      },
    });
    expect(stopped).toEqual(fail('lock.cancelled', { serialNumber }));
    expect(isProvisioned()).toBe(true);
    const late = new AbortController();
    expect(await release({ signal: late.signal, onCommitted: () => late.abort() })).toEqual(ok(null));
  });

  it('of a lock that never was provisioned is refused', async () => {
    lock = await bench.makeLock('0000051a00000007');
    credentials = await bench.credentials(lock);
    token = vendor.signRelease(lock.serialNumber, readCertificate(credentials.keyCertificate).publicKey);
    expect(await bench.driver.release(lock.serialNumber, credentials, token, limits)).toEqual(
      fail('lock.not_provisioned', { serialNumber: lock.serialNumber }),
    );
  });
});
