/** What must open nothing, one test for each. The lock is asked as well as the kiosk's own check, which an attacker leaves out. */
import { generateKeyPairSync } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Customer } from '#simulators/live-lock/customer.ts';
import type { Vendor } from '#simulators/live-lock/open-vendor.ts';
import type { SimulatedLock } from '#simulators/lock/simulated-lock.ts';
import { createLockBench, makeVendor, type LockBench } from '#support/lock-bench.ts';
import { tellAsThief, type Naming } from '#support/key-thief.ts';
import { tellUnchecked } from '#support/unchecked-kiosk.ts';
import { certificateHash, type CredentialId } from '../wire/edhoc/credentials.ts';
import { eadItem, eadLabels, findEad } from '../wire/edhoc/ead.ts';
import { sha256 } from '../wire/edhoc/key-schedule.ts';
import type { LockCredentials } from '../lock-driver.ts';

const serialNumber = '0000051a00000005';
const dayMs = 86_400_000;
const limits = { deadlineMs: 10_000 };
const challenge = new Uint8Array(32).fill(9);
const command = { holdOpenSeconds: 5, actorHash: new Uint8Array(32) };

let vendor: Vendor;
let foreignVendor: Vendor;
const cleanUps: (() => Promise<void>)[] = [];
let bench: LockBench;
let lock: SimulatedLock;
let good: LockCredentials;
let foreignCustomer: Customer;

beforeAll(async () => {
  const [ours, theirs] = await Promise.all([makeVendor(), makeVendor()]);
  vendor = ours.vendor;
  foreignVendor = theirs.vendor;
  cleanUps.push(ours.dispose, theirs.dispose);
});
afterAll(() => Promise.all(cleanUps.map((cleanUp) => cleanUp())));
beforeEach(async () => {
  bench = await createLockBench(vendor);
  lock = await bench.makeLock(serialNumber, { provisioned: true });
  good = await bench.credentials(lock);
  foreignCustomer = await vendor.addCustomer('another shop');
});
afterEach(() => bench.dispose());

const refused = (reason: string) => ({
  ok: false,
  error: { code: 'lock.chain_refused', params: { serialNumber, reason } },
});
const unlock = (credentials: LockCredentials) =>
  bench.driver.unlock(serialNumber, credentials, command, limits);
const boltOpen = (): boolean => (lock.advertisement().advertising[25]! & 2) !== 0;

/** The kiosk refuses by itself, and the lock refuses a kiosk that does not check. */
const bothRefuse = async (
  credentials: LockCredentials,
  reason: string,
  lockReason = reason,
): Promise<void> => {
  const connections = bench.radio.connections;
  expect(await unlock(credentials)).toEqual(refused(reason));
  expect(bench.radio.connections).toBe(connections);
  expect(tellUnchecked(lock, credentials)).toEqual({
    type: 'refused',
    refusal: { reason: 'chain', chain: lockReason },
  });
  expect(boltOpen()).toBe(false);
};

describe('opens nothing', () => {
  it('a stolen Key Certificate without a valid intermediate', async () => {
    const foreign = await foreignVendor.addCustomer('acme');
    await bothRefuse(
      { ...good, intermediate: await bench.intermediate({ customer: foreign }) },
      'intermediate_not_signed_by_root',
    );
  });

  it('a stolen Key Certificate without a valid intermediate, though the lock has cached one', async () => {
    const lapsing = await bench.credentials(lock, { lapsesIn: 60_000 });
    expect(await unlock(lapsing)).toMatchObject({ ok: true });
    await bench.clock.advance(121_000);
    bench.radio.hear(lock);
    expect(await unlock(good)).toMatchObject({ ok: true });
    await bench.clock.advance(5000);

    const leaf: CredentialId = { type: 'x5chain', certificates: [good.keyCertificate] };
    const byHash: CredentialId = { type: 'x5t', hash: certificateHash(good.keyCertificate) };
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
      () => ({ id: leaf, ead: claims(sha256(good.keyCertificate)) }),
    ];
    for (const [index, naming] of namings.entries()) {
      const answer = tellAsThief(lock, good, naming);
      expect(answer, `naming ${index}`).toEqual({
        type: 'refused',
        refusal: { reason: 'chain', chain: 'not_two_certificates' },
      });
    }
    expect(
      tellAsThief(lock, good, () => ({ id: byHash, ead: claims(sha256(lapsing.intermediate)) })),
    ).toEqual({ type: 'refused', refusal: { reason: 'chain', chain: 'intermediate_expired' } });
    expect(boltOpen()).toBe(false);
    // The proof is all that was missing.
    const proof = claims(sha256(good.intermediate));
    expect(tellAsThief(lock, good, () => ({ id: byHash, ead: proof }))).toMatchObject({ type: 'unlock' });
  });

  it('a chain with a third certificate', () => {
    const certificates = [good.keyCertificate, good.intermediate, good.intermediate];
    expect(tellAsThief(lock, good, () => ({ id: { type: 'x5chain', certificates } }))).toEqual({
      type: 'refused',
      refusal: { reason: 'chain', chain: 'not_two_certificates' },
    });
    expect(boltOpen()).toBe(false);
  });

  it('a valid intermediate without the Key Certificate', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const ownKey = new Uint8Array(privateKey.export({ format: 'der', type: 'pkcs8' }));
    expect(await unlock({ ...good, privateKey: ownKey })).toEqual(refused('key_other_key'));
    // Without the key no signature: the lock can not even answer under a common key.
    expect(tellUnchecked(lock, { ...good, privateKey: ownKey })).toBe('peer_error');
    expect(boltOpen()).toBe(false);
  });

  it('the Key Certificate of another lock', async () => {
    const other = await bench.makeLock('0000051a00000006', { provisioned: true });
    const theirs = await bench.credentials(other);
    await bothRefuse({ ...theirs, deviceCertificate: good.deviceCertificate }, 'key_other_serial');
  });

  it('a Key Certificate for this serial number that another registration yielded', async () => {
    const twin = await bench.makeLock(serialNumber, { provisioned: true });
    const theirs = await bench.credentials(twin);
    bench.radio.add(lock);
    const answer = await unlock({ ...theirs, deviceCertificate: lock.deviceCertificate });
    expect(answer).toEqual(refused('key_other_key'));
    expect(boltOpen()).toBe(false);
  });

  it('another customer of the same vendor', async () => {
    const theirs = await bench.credentials(lock, { customer: foreignCustomer });
    expect(await unlock(theirs)).toEqual(refused('other_customer'));
    expect(boltOpen()).toBe(false);
  });

  it('a Key Certificate under the intermediate of another customer', async () => {
    const intermediate = await bench.intermediate({ customer: foreignCustomer });
    // The lock looks at whom it is bound to before it looks at the key.
    await bothRefuse({ ...good, intermediate }, 'key_not_signed_by_intermediate', 'other_customer');
  });

  it('a Key Certificate that acts as the intermediate', async () => {
    await bothRefuse({ ...good, intermediate: good.keyCertificate }, 'intermediate_not_ca');
  });

  it('an expired intermediate', async () => {
    const lapsing = await bench.credentials(lock, { lapsesIn: 60_000 });
    expect(await unlock(lapsing)).toMatchObject({ ok: true });
    await bench.clock.advance(121_000);
    bench.radio.hear(lock);
    await bothRefuse(lapsing, 'intermediate_expired');
  });

  it('an intermediate of an epoch that has been revoked', async () => {
    expect(await unlock(await bench.credentials(lock, { epoch: 2 }))).toMatchObject({ ok: true });
    await bench.clock.advance(5000);
    bench.radio.hear(lock);
    expect(await unlock(good)).toEqual(refused('intermediate_epoch_revoked'));
    expect(boltOpen()).toBe(false);
  });

  it('a lapsed intermediate, for a kiosk whose clock was set back', async () => {
    const lapsing = await bench.credentials(lock, { lapsesIn: 60_000 });
    expect(await unlock(lapsing)).toMatchObject({ ok: true });
    await bench.clock.advance(121_000);
    expect(tellUnchecked(lock, lapsing)).toMatchObject({ refusal: { chain: 'intermediate_expired' } });
    expect(boltOpen()).toBe(false);
  });
});

it('goes on working with the old Key Certificate after the intermediate was renewed', async () => {
  expect(await unlock(good)).toMatchObject({ ok: true });
  await bench.clock.advance(15 * dayMs);
  bench.radio.hear(lock);
  expect(await unlock(good)).toEqual(refused('intermediate_expired'));
  expect(await unlock({ ...good, intermediate: await bench.intermediate() })).toMatchObject({ ok: true });
});

describe('a fake lock', () => {
  it('that has a certificate of its own making is not enrolled', async () => {
    const fakes = await createLockBench(foreignVendor);
    const fake = await fakes.makeLock('0000051a000000bb');
    bench.radio.add(fake);
    bench.radio.hear(fake);
    expect(await bench.driver.readEnrolment(fake.serialNumber, challenge, limits)).toEqual({
      ok: false,
      error: { code: 'lock.not_genuine', params: { serialNumber: fake.serialNumber } },
    });
    await fakes.dispose();
  });

  it('that shows the certificate of another lock is not enrolled', async () => {
    const genuine = await bench.makeLock('0000051a000000cc');
    const fake = await bench.makeLock('0000051a000000dd');
    bench.radio.add({ ...fake, readCertificate: () => genuine.readCertificate() });
    expect(await bench.driver.readEnrolment(fake.serialNumber, challenge, limits)).toMatchObject({
      error: { code: 'lock.not_genuine' },
    });
  });

  it('that names another serial number in its info than on the air is not talked to', async () => {
    const fresh = await bench.makeLock('0000051a000000cc');
    const other = await bench.makeLock('0000051a000000dd');
    bench.radio.add({ ...fresh, readInfo: () => other.readInfo() });
    bench.radio.hear(fresh);
    expect(await bench.driver.readEnrolment(fresh.serialNumber, challenge, limits)).toMatchObject({
      error: { code: 'lock.not_genuine' },
    });
    expect(await bench.driver.identify(fresh.serialNumber, null, limits)).toMatchObject({
      error: { code: 'lock.not_genuine' },
    });
  });

  it('that stands in for an enrolled lock gets no command and no name', async () => {
    const double = await bench.makeLock(serialNumber, { provisioned: true });
    let committed = false;
    const answer = await bench.driver.unlock(serialNumber, good, command, {
      ...limits,
      onCommitted: () => (committed = true),
    });
    expect(double.deviceCertificate).not.toEqual(lock.deviceCertificate);
    expect(answer).toEqual({ ok: false, error: { code: 'lock.not_genuine', params: { serialNumber } } });
    expect(committed).toBe(false);
  });

  it('that repeats what a genuine lock once said opens nothing and is not believed', async () => {
    const recorded: Uint8Array[] = [];
    bench.radio.add({
      ...lock,
      connected: (notify) =>
        lock.connected((frame) => {
          recorded.push(frame);
          notify(frame);
        }),
    });
    expect(await unlock(good)).toMatchObject({ ok: true });
    await bench.clock.advance(5000);
    let said = 0;
    const replay = {
      ...lock,
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
    bench.radio.add(replay);
    bench.radio.hear(lock);
    // Under another session's keys the old message is noise: it does not even parse, or it is not the lock's.
    const answer = await unlock(good);
    expect(answer.ok ? 'opened' : answer.error.code).toMatch(/^lock\.(protocol|not_genuine)$/);
    expect(boltOpen()).toBe(false);
  });
});

it('keeps keys, codes and certificates out of its log', async () => {
  bench.radio.frameFault = (_direction, index) => (index === 1 ? 'lose_before' : 'deliver');
  bench.radio.hear(lock);
  await unlock({ ...good, privateKey: Uint8Array.of(1, 2, 3) });
  const answer = unlock(good);
  await bench.settle();
  bench.radio.hear(lock);
  await bench.clock.advance(10_000);
  await answer;
  const log = JSON.stringify(bench.logger.lines);
  for (const secret of [good.privateKey, lock.enrolmentCode(), good.keyCertificate]) {
    expect(log).not.toContain(Buffer.from(secret).toString('hex').slice(0, 32));
    expect(log).not.toContain(Buffer.from(secret).toString('base64').slice(0, 32));
  }
});
