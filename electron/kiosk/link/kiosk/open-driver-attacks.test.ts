/** What must open nothing, one test for each. The lock is asked as well as the kiosk's own check, which an attacker leaves out. */
import { generateKeyPairSync } from 'node:crypto';
import { describe, expect } from 'vitest';
import { createLockBench, makeVendor } from '#support/lock-bench.ts';
import { benchSerial as serialNumber, lockTest } from '#support/lock-on-bench.ts';
import { tellAsThief, type Naming } from '#support/key-thief.ts';
import { tellUnchecked } from '#support/unchecked-kiosk.ts';
import { certificateHash, type CredentialId } from '../wire/edhoc/credentials.ts';
import { eadItem, eadLabels, findEad } from '../wire/edhoc/ead.ts';
import { sha256 } from '../wire/edhoc/key-schedule.ts';
import type { LockCredentials } from '../lock-driver.ts';

const dayMs = 86_400_000;
const limits = { deadlineMs: 10_000 };
const challenge = new Uint8Array(32).fill(9);
const command = { holdOpenSeconds: 5, actorHash: new Uint8Array(32) };

const it = lockTest
  .extend('foreignMade', { scope: 'file' }, () => makeVendor())
  .extend('foreignVendor', { scope: 'file' }, ({ foreignMade }, { onCleanup }) => {
    onCleanup(foreignMade.dispose);
    return foreignMade.vendor;
  })
  .extend('foreignCustomer', ({ vendor }) => vendor.addCustomer('another shop'))
  .extend('good', ({ credentials }) => credentials)
  .extend('on', ({ lockBench: bench, lock, good, foreignVendor, foreignCustomer }) => {
    const unlock = (shown: LockCredentials) => bench.driver.unlock(serialNumber, shown, command, limits);
    const boltOpen = (): boolean => (lock.advertisement().advertising[25]! & 2) !== 0;
    /** The kiosk refuses by itself, and the lock refuses a kiosk that does not check. */
    const bothRefuse = async (shown: LockCredentials, reason: string, lockReason = reason): Promise<void> => {
      const connections = bench.radio.connections;
      expect(await unlock(shown)).toEqual(refused(reason));
      expect(bench.radio.connections).toBe(connections);
      expect(tellUnchecked(lock, shown)).toEqual({
        type: 'refused',
        refusal: { reason: 'chain', chain: lockReason },
      });
      expect(boltOpen()).toBe(false);
    };
    return { bench, lock, good, foreignVendor, foreignCustomer, unlock, boltOpen, bothRefuse };
  });

const refused = (reason: string) => ({
  ok: false,
  error: { code: 'lock.chain_refused', params: { serialNumber, reason } },
});

describe('opens nothing', () => {
  it('a stolen Key Certificate without a valid intermediate', async ({ on }) => {
    const foreign = await on.foreignVendor.addCustomer('acme');
    await on.bothRefuse(
      { ...on.good, intermediate: await on.bench.intermediate({ customer: foreign }) },
      'intermediate_not_signed_by_root',
    );
  });

  it('a stolen Key Certificate without a valid intermediate, though the lock has cached one', async ({
    on,
  }) => {
    const lapsing = await on.bench.credentials(on.lock, { lapsesIn: 60_000 });
    expect(await on.unlock(lapsing)).toMatchObject({ ok: true });
    await on.bench.clock.advance(121_000);
    on.bench.radio.hear(on.lock);
    expect(await on.unlock(on.good)).toMatchObject({ ok: true });
    await on.bench.clock.advance(5000);

    const leaf: CredentialId = { type: 'x5chain', certificates: [on.good.keyCertificate] };
    const byHash: CredentialId = { type: 'x5t', hash: certificateHash(on.good.keyCertificate) };
    const claims = (value: Uint8Array) => [eadItem(eadLabels.intermediateHash, value)];
    const namings: Naming[] = [
      () => ({ id: leaf }),
      () => ({ id: byHash }),
      // What the lock tells anyone of its cache, as it is and filled up; and what the thief's own, lapsed one yields.
      (told) => ({ id: byHash, ead: claims(findEad(told, eadLabels.cachedCertificates)!.slice(0, 8)) }),
      (told) => {
        const value = new Uint8Array(32);
        value.set(findEad(told, eadLabels.cachedCertificates)!.slice(0, 8));
        return { id: byHash, ead: claims(value) };
      },
      () => ({ id: byHash, ead: [eadItem(eadLabels.intermediateHash)] }),
      () => ({ id: leaf, ead: claims(sha256(on.good.keyCertificate)) }),
    ];
    for (const [index, naming] of namings.entries()) {
      const answer = tellAsThief(on.lock, on.good, naming);
      expect(answer, `naming ${index}`).toEqual({
        type: 'refused',
        refusal: { reason: 'chain', chain: 'not_two_certificates' },
      });
    }
    expect(
      tellAsThief(on.lock, on.good, () => ({ id: byHash, ead: claims(sha256(lapsing.intermediate)) })),
    ).toEqual({ type: 'refused', refusal: { reason: 'chain', chain: 'intermediate_expired' } });
    expect(on.boltOpen()).toBe(false);
    // The proof is all that was missing.
    const proof = claims(sha256(on.good.intermediate));
    expect(tellAsThief(on.lock, on.good, () => ({ id: byHash, ead: proof }))).toMatchObject({
      type: 'unlock',
    });
  });

  it('a chain with a third certificate', ({ on }) => {
    const certificates = [on.good.keyCertificate, on.good.intermediate, on.good.intermediate];
    expect(tellAsThief(on.lock, on.good, () => ({ id: { type: 'x5chain', certificates } }))).toEqual({
      type: 'refused',
      refusal: { reason: 'chain', chain: 'not_two_certificates' },
    });
    expect(on.boltOpen()).toBe(false);
  });

  it('a valid intermediate without the Key Certificate', async ({ on }) => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const ownKey = new Uint8Array(privateKey.export({ format: 'der', type: 'pkcs8' }));
    expect(await on.unlock({ ...on.good, privateKey: ownKey })).toEqual(refused('key_other_key'));
    // Without the key no signature: the lock can not even answer under a common key.
    expect(tellUnchecked(on.lock, { ...on.good, privateKey: ownKey })).toBe('peer_error');
    expect(on.boltOpen()).toBe(false);
  });

  it('the Key Certificate of another lock', async ({ on }) => {
    const other = await on.bench.makeLock('0000051a00000006', { provisioned: true });
    const theirs = await on.bench.credentials(other);
    await on.bothRefuse({ ...theirs, deviceCertificate: on.good.deviceCertificate }, 'key_other_serial');
  });

  it('a Key Certificate for this serial number that another registration yielded', async ({ on }) => {
    const twin = await on.bench.makeLock(serialNumber, { provisioned: true });
    const theirs = await on.bench.credentials(twin);
    on.bench.radio.add(on.lock);
    const answer = await on.unlock({ ...theirs, deviceCertificate: on.lock.deviceCertificate });
    expect(answer).toEqual(refused('key_other_key'));
    expect(on.boltOpen()).toBe(false);
  });

  it('another customer of the same vendor', async ({ on }) => {
    const theirs = await on.bench.credentials(on.lock, { customer: on.foreignCustomer });
    expect(await on.unlock(theirs)).toEqual(refused('other_customer'));
    expect(on.boltOpen()).toBe(false);
  });

  it('a Key Certificate under the intermediate of another customer', async ({ on }) => {
    const intermediate = await on.bench.intermediate({ customer: on.foreignCustomer });
    // The lock looks at whom it is bound to before it looks at the key.
    await on.bothRefuse({ ...on.good, intermediate }, 'key_not_signed_by_intermediate', 'other_customer');
  });

  it('a Key Certificate that acts as the intermediate', async ({ on }) => {
    await on.bothRefuse({ ...on.good, intermediate: on.good.keyCertificate }, 'intermediate_not_ca');
  });

  it('an expired intermediate', async ({ on }) => {
    const lapsing = await on.bench.credentials(on.lock, { lapsesIn: 60_000 });
    expect(await on.unlock(lapsing)).toMatchObject({ ok: true });
    await on.bench.clock.advance(121_000);
    on.bench.radio.hear(on.lock);
    await on.bothRefuse(lapsing, 'intermediate_expired');
  });

  it('an intermediate of an epoch that has been revoked', async ({ on }) => {
    expect(await on.unlock(await on.bench.credentials(on.lock, { epoch: 2 }))).toMatchObject({ ok: true });
    await on.bench.clock.advance(5000);
    on.bench.radio.hear(on.lock);
    expect(await on.unlock(on.good)).toEqual(refused('intermediate_epoch_revoked'));
    expect(on.boltOpen()).toBe(false);
  });

  it('a lapsed intermediate, for a kiosk whose clock was set back', async ({ on }) => {
    const lapsing = await on.bench.credentials(on.lock, { lapsesIn: 60_000 });
    expect(await on.unlock(lapsing)).toMatchObject({ ok: true });
    await on.bench.clock.advance(121_000);
    expect(tellUnchecked(on.lock, lapsing)).toMatchObject({ refusal: { chain: 'intermediate_expired' } });
    expect(on.boltOpen()).toBe(false);
  });
});

it('goes on working with the old Key Certificate after the intermediate was renewed', async ({ on }) => {
  expect(await on.unlock(on.good)).toMatchObject({ ok: true });
  await on.bench.clock.advance(15 * dayMs);
  on.bench.radio.hear(on.lock);
  expect(await on.unlock(on.good)).toEqual(refused('intermediate_expired'));
  expect(await on.unlock({ ...on.good, intermediate: await on.bench.intermediate() })).toMatchObject({
    ok: true,
  });
});

describe('a fake lock', () => {
  it('that has a certificate of its own making is not enrolled', async ({ on }) => {
    const fakes = await createLockBench(on.foreignVendor);
    const fake = await fakes.makeLock('0000051a000000bb');
    on.bench.radio.add(fake);
    on.bench.radio.hear(fake);
    expect(await on.bench.driver.readEnrolment(fake.serialNumber, challenge, limits)).toEqual({
      ok: false,
      error: { code: 'lock.not_genuine', params: { serialNumber: fake.serialNumber } },
    });
    await fakes.dispose();
  });

  it('that shows the certificate of another lock is not enrolled', async ({ on }) => {
    const genuine = await on.bench.makeLock('0000051a000000cc');
    const fake = await on.bench.makeLock('0000051a000000dd');
    on.bench.radio.add({ ...fake, readCertificate: () => genuine.readCertificate() });
    expect(await on.bench.driver.readEnrolment(fake.serialNumber, challenge, limits)).toMatchObject({
      error: { code: 'lock.not_genuine' },
    });
  });

  it('that names another serial number in its info than on the air is not talked to', async ({ on }) => {
    const fresh = await on.bench.makeLock('0000051a000000cc');
    const other = await on.bench.makeLock('0000051a000000dd');
    on.bench.radio.add({ ...fresh, readInfo: () => other.readInfo() });
    on.bench.radio.hear(fresh);
    expect(await on.bench.driver.readEnrolment(fresh.serialNumber, challenge, limits)).toMatchObject({
      error: { code: 'lock.not_genuine' },
    });
    expect(await on.bench.driver.identify(fresh.serialNumber, null, limits)).toMatchObject({
      error: { code: 'lock.not_genuine' },
    });
  });

  it('that stands in for an enrolled lock gets no command and no name', async ({ on }) => {
    const double = await on.bench.makeLock(serialNumber, { provisioned: true });
    let committed = false;
    const answer = await on.bench.driver.unlock(serialNumber, on.good, command, {
      ...limits,
      onCommitted: () => (committed = true),
    });
    expect(double.deviceCertificate).not.toEqual(on.lock.deviceCertificate);
    expect(answer).toEqual({ ok: false, error: { code: 'lock.not_genuine', params: { serialNumber } } });
    expect(committed).toBe(false);
  });

  it('that repeats what a genuine lock once said opens nothing and is not believed', async ({ on }) => {
    const recorded: Uint8Array[] = [];
    on.bench.radio.add({
      ...on.lock,
      connected: (notify) =>
        on.lock.connected((frame) => {
          recorded.push(frame);
          notify(frame);
        }),
    });
    expect(await on.unlock(on.good)).toMatchObject({ ok: true });
    await on.bench.clock.advance(5000);
    let said = 0;
    const replay = {
      ...on.lock,
      connected: (notify: (frame: Uint8Array) => void) => ({
        receive: (frame: Uint8Array) => {
          const next = recorded[said];
          if ((frame[0]! & 0x80) === 0 || next === undefined) return;
          said += 1;
          notify(next);
        },
        disconnected: () => undefined,
      }),
    };
    on.bench.radio.add(replay);
    on.bench.radio.hear(on.lock);
    // Under another session's keys the old message is noise: it does not even parse, or it is not the lock's.
    const answer = await on.unlock(on.good);
    expect(answer.ok ? 'opened' : answer.error.code).toMatch(/^lock\.(protocol|not_genuine)$/);
    expect(on.boltOpen()).toBe(false);
  });
});

it('keeps keys, codes and certificates out of its log', async ({ on }) => {
  on.bench.radio.frameFault = (_direction, index) => (index === 1 ? 'lose_before' : 'deliver');
  on.bench.radio.hear(on.lock);
  await on.unlock({ ...on.good, privateKey: Uint8Array.of(1, 2, 3) });
  const answer = on.unlock(on.good);
  await on.bench.settle();
  on.bench.radio.hear(on.lock);
  await on.bench.clock.advance(10_000);
  await answer;
  const log = JSON.stringify(on.bench.logger.lines);
  for (const secret of [on.good.privateKey, on.lock.enrolmentCode(), on.good.keyCertificate]) {
    expect(log).not.toContain(Buffer.from(secret).toString('hex').slice(0, 32));
    expect(log).not.toContain(Buffer.from(secret).toString('base64').slice(0, 32));
  }
});
