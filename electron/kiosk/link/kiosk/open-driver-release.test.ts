/** Giving a lock back: what the open driver answers, and what becomes of the lock. */
import { describe, expect } from 'vitest';
import { fail, ok } from '#shared/errors/app-error.ts';
import { benchSerial as serialNumber, lockTest } from '#support/lock-on-bench.ts';
import { tellUnchecked } from '#support/unchecked-kiosk.ts';
import { readCertificate } from '../wire/certificates.ts';
import { decodeInfo } from '../wire/info.ts';
import type { LockOperation } from '../lock-driver.ts';

const actorHash = new Uint8Array(32).fill(9);
const limits = { deadlineMs: 10_000 };

const it = lockTest
  .extend('token', ({ vendor, credentials }) =>
    vendor.signRelease(serialNumber, readCertificate(credentials.keyCertificate).publicKey),
  )
  .extend('on', ({ vendor, lockBench: bench, lock, credentials, token }) => {
    const release = (options: Partial<LockOperation> & { token?: Uint8Array } = {}) =>
      bench.driver.release(serialNumber, credentials, options.token ?? token, { ...limits, ...options });
    const isProvisioned = (): boolean => decodeInfo(lock.readInfo()).provisioned;
    return { vendor, bench, lock, credentials, token, release, isProvisioned };
  });

describe('release', () => {
  it('makes the lock new: another code, another key, and it can be enrolled again', async ({ on }) => {
    const oldCode = on.lock.enrolmentCode();
    const commits: string[] = [];
    const stages: string[] = [];
    const answer = await on.release({
      onStage: (stage) => stages.push(stage),
      onCommitted: () => commits.push(stages.at(-1) ?? ''),
    });
    expect(answer).toEqual(ok(null));
    expect(commits).toEqual(['actuate']);
    expect(on.isProvisioned()).toBe(false);
    const offer = await on.bench.driver.readEnrolment(serialNumber, new Uint8Array(32), limits);
    expect(offer).toMatchObject({ ok: true });
    expect(offer.ok && Buffer.compare(offer.value.enrolmentCode, oldCode)).not.toBe(0);
    const renewed = await on.bench.credentials(on.lock);
    expect(await on.bench.driver.provision(serialNumber, renewed, limits)).toMatchObject({ ok: true });
    const command = { holdOpenSeconds: 5, actorHash };
    expect(await on.bench.driver.unlock(serialNumber, renewed, command, limits)).toMatchObject({ ok: true });
    expect(await on.bench.driver.unlock(serialNumber, on.credentials, command, limits)).toEqual(
      fail('lock.chain_refused', { serialNumber, reason: 'key_other_key' }),
    );
  });

  it('needs no key that is in force, only the root’s token; nothing else goes with a revoked key, a wrong token neither', async ({
    on,
  }) => {
    const revocationList = on.vendor.signRevocations(on.bench.customer, {
      version: 1,
      minCustomerEpoch: 0,
      locks: [{ serialNumber, minKeyEpoch: 2 }],
    });
    const revoked = fail('lock.chain_refused', { serialNumber, reason: 'key_epoch_revoked' });
    expect(tellUnchecked(on.lock, on.credentials, { type: 'status' }, { revocationList })).toMatchObject({
      refusal: { chain: 'key_epoch_revoked' },
    });
    const { publicKey } = readCertificate(on.credentials.keyCertificate);
    for (const wrong of [on.vendor.signRelease('0000051a00000006', publicKey), new Uint8Array(80)])
      expect(await on.release({ token: wrong })).toEqual(revoked);
    expect(await on.bench.driver.status(serialNumber, on.credentials, limits)).toEqual(revoked);
    const lapsed = await on.bench.credentials(on.lock, { startsIn: -200_000, lapsesIn: -120_000 });
    expect(tellUnchecked(on.lock, lapsed, { type: 'release', token: on.token })).toMatchObject({
      refusal: { chain: 'intermediate_expired' },
    });
    expect(on.isProvisioned()).toBe(true);
    expect(await on.release()).toEqual(ok(null));
    expect(on.isProvisioned()).toBe(false);
  });

  it('of a lock that has been released answers ok: the first answer may have got lost', async ({ on }) => {
    let committed = false;
    // The command arrives, its answer does not.
    on.bench.radio.frameFault = (direction) => (committed && direction === 'toKiosk' ? 'vanish' : 'deliver');
    const left = Promise.withResolvers<undefined>();
    const lost = on.release({
      onCommitted: () => {
        committed = true;
        left.resolve(undefined);
      },
    });
    await left.promise;
    await on.bench.settle();
    await on.bench.clock.advance(10_000);
    expect(await lost).toEqual(fail('lock.outcome_unknown', { serialNumber }));
    expect(on.isProvisioned()).toBe(false);
    on.bench.radio.frameFault = () => 'deliver';
    on.bench.radio.hear(on.lock);
    expect(await on.release()).toEqual(ok(null));
    expect(await on.release()).toEqual(ok(null));
    expect(on.isProvisioned()).toBe(false);
  });

  it('with a token of another lock, another key or another signer is refused, and the lock stays', async ({
    on,
  }) => {
    const { publicKey } = readCertificate(on.credentials.keyCertificate);
    const wrong = [
      on.vendor.signRelease('0000051a00000006', publicKey),
      on.vendor.signRelease(serialNumber, on.bench.customer.publicKey),
      on.token.with(-1, (on.token.at(-1) ?? 0) ^ 1),
      Uint8Array.of(1, 2, 3),
      new Uint8Array(513),
    ];
    for (const each of wrong) {
      expect(await on.release({ token: each })).toEqual(
        fail('lock.refused', { serialNumber, reason: 'bad_token' }),
      );
    }
    expect(on.isProvisioned()).toBe(true);
    expect(await on.release()).toEqual(ok(null));
  });

  it('can be stopped until the command leaves, and not afterwards', async ({ on }) => {
    const early = new AbortController();
    const stopped = await on.release({
      signal: early.signal,
      onStage: (stage) => {
        if (stage === 'actuate') early.abort();
      },
    });
    expect(stopped).toEqual(fail('lock.cancelled', { serialNumber }));
    expect(on.isProvisioned()).toBe(true);
    const late = new AbortController();
    expect(await on.release({ signal: late.signal, onCommitted: () => late.abort() })).toEqual(ok(null));
  });

  it('of a lock that never was provisioned is refused', async ({ on }) => {
    const fresh = await on.bench.makeLock('0000051a00000007');
    const theirs = await on.bench.credentials(fresh);
    const { publicKey } = readCertificate(theirs.keyCertificate);
    const signed = on.vendor.signRelease(fresh.serialNumber, publicKey);
    expect(await on.bench.driver.release(fresh.serialNumber, theirs, signed, limits)).toEqual(
      fail('lock.not_provisioned', { serialNumber: fresh.serialNumber }),
    );
  });
});
