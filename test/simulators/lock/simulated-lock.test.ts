import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { decodeAdvertisement } from '#kiosk/link/wire/advertisement.ts';
import { deriveLockKey } from '#kiosk/link/lock/derive-key.ts';
import { decodeInfo } from '#kiosk/link/wire/info.ts';
import type { LockCredentials } from '#kiosk/link/lock-driver.ts';
import { createReleaseToken } from '../live-lock/root-statements.ts';
import { makeCertificate } from '#support/certificate-maker.ts';
import { customerKey, deviceRequest, intermediate, leafRequest, rootKey } from '#support/link-world.ts';
import type { LockBench } from '#support/lock-bench.ts';
import { benchSerial as serialNumber, useLockOnBench } from '#support/lock-on-bench.ts';
import { tellUnchecked } from '#support/unchecked-kiosk.ts';
import type { LockIdentity, Vendor } from '../live-lock/open-vendor.ts';
import { fileMemory, openLockIdentity } from './file-memory.ts';
import { lockStateSchema, volatileMemory, type LockMemory } from './lock-state.ts';
import type { SimulatedLock } from './simulated-lock.ts';

const dayMs = 86_400_000;
const limits = { deadlineMs: 10_000 };

let vendor: Vendor;
let bench: LockBench;
let memory: LockMemory;
let identity: LockIdentity;
let lock: SimulatedLock;
let credentials: LockCredentials;

useLockOnBench((on) => {
  ({ vendor, bench, memory, identity, lock, credentials } = on);
});

const unlock = () => tellUnchecked(lock, credentials);
const opened = { type: 'unlock', holdOpenSeconds: 5 };
const refused = (reason: string) =>
  expect.objectContaining({ refusal: expect.objectContaining({ reason }) as object }) as object;
const closedAgain = () => bench.clock.advance(5000);
const powerOn = async (): Promise<void> => {
  lock.dispose();
  lock = await bench.makeLock(serialNumber, { memory, identity });
};
const ring = () => {
  const answer = tellUnchecked(lock, credentials, { type: 'events', after: 0 });
  return typeof answer === 'object' && answer?.type === 'events' ? answer : null;
};

describe('its memory', () => {
  it('keeps the enrolment code and the binding through restarts', async () => {
    const code = lock.enrolmentCode();
    await powerOn();
    expect(lock.enrolmentCode()).toEqual(code);
    expect(decodeInfo(lock.readInfo()).provisioned).toBe(true);
    expect(lock.readEnrolment()).toBeNull();
  });

  it('keeps the highest epoch, so that a restart revives no revoked intermediate', async () => {
    const newer = await bench.credentials(lock, { epoch: 3 });
    expect(tellUnchecked(lock, { ...newer })).toEqual(opened);
    await powerOn();
    expect(unlock()).toEqual(refused('chain'));
  });

  it('is a file that its owner alone can read, and refuses what no lock wrote', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'lock-'));
    const path = join(dir, 'lock.json');
    memory = fileMemory(path);
    lock = await bench.makeLock('00000000000000aa', { memory });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const code = lock.enrolmentCode();
    lock.dispose();
    lock = await bench.makeLock('00000000000000aa', { memory: fileMemory(path) });
    expect(lock.enrolmentCode()).toEqual(code);
    writeFileSync(path, readFileSync(path, 'utf8').replace('"version":1', '"version":7'));
    await expect(bench.makeLock('00000000000000aa', { memory })).rejects.toThrow();
  });

  it('holds an identity that is manufactured once', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'lock-'));
    const identity = () => openLockIdentity(dir, vendor, { serialNumber, type: 'CAM' });
    expect(await identity()).toEqual(await identity());
  });
});

describe('its clock', () => {
  it('goes on from what the root has signed, and a real-time clock set back takes nothing away', async () => {
    const lapsing = await bench.credentials(lock, { lapsesIn: dayMs });
    expect(tellUnchecked(lock, lapsing)).toEqual(opened);
    await bench.clock.advance(dayMs + 60_001);
    expect(tellUnchecked(lock, lapsing)).toEqual(refused('chain'));
    bench.clock.jump(-30 * dayMs);
    expect(tellUnchecked(lock, lapsing)).toEqual(refused('chain'));
  });

  it('that has stopped allows twenty unlocks, then wants proof of the time', async () => {
    expect(unlock()).toEqual(opened);
    lock.losePower();
    for (let count = 0; count < 20; count += 1) expect(unlock()).toEqual(opened);
    expect(unlock()).toEqual(refused('time_untrusted'));
    await powerOn();
    expect(unlock()).toEqual(refused('time_untrusted'));
    const later = await bench.credentials(lock, { startsIn: 120_000 });
    expect(tellUnchecked(lock, later)).toEqual(refused('time_untrusted'));
  });
});

describe('its attempt limiter', () => {
  const failures = () => lockStateSchema.parse(memory.read()).failures;
  const stranger = async () => bench.credentials(lock, { customer: await vendor.addCustomer('other') });

  it('never refuses a chain that is in order: a stranger who fails for ever keeps nobody out', async () => {
    const foreign = await stranger();
    for (let round = 0; round < 8; round += 1) {
      for (let count = 0; count < 4; count += 1) tellUnchecked(lock, foreign);
      expect(unlock()).toEqual(opened);
      await bench.clock.advance(1000);
    }
  });

  it('counts five sessions that fail to prove themselves, then one an hour, and no more for a success between them', async () => {
    const foreign = await stranger();
    const record = () => ring()?.events.filter(({ kind }) => kind === 'refused').length;
    for (let count = 0; count < 20; count += 1)
      expect(tellUnchecked(lock, foreign)).toEqual(refused('chain'));
    expect([failures(), record()]).toEqual([5, 5]);
    expect(unlock()).toEqual(opened);
    tellUnchecked(lock, foreign);
    expect([failures(), record()]).toEqual([5, 5]);
    await bench.clock.advance(3_600_000);
    for (let count = 0; count < 20; count += 1) tellUnchecked(lock, foreign);
    expect([failures(), record()]).toEqual([5, 6]);
  });

  it('keeps a day of failing on purpose from filling its ring', async () => {
    const foreign = await stranger();
    for (let minute = 0; minute < 24 * 60; minute += 10) {
      tellUnchecked(lock, foreign);
      await bench.clock.advance(600_000);
    }
    const events = lockStateSchema.parse(memory.read()).events;
    expect(events[0]).toMatchObject({ kind: 'provisioned' });
    expect(events.length).toBeLessThan(45);
  });

  it('lets one link fail once while it pauses', async () => {
    const foreign = await stranger();
    for (let count = 0; count < 5; count += 1) tellUnchecked(lock, foreign);
    const heard: Uint8Array[] = [];
    const link = lock.connected((frame) => heard.push(frame));
    link.receive(Uint8Array.of(0x80, 0x7f));
    expect(heard).toHaveLength(1);
    link.receive(Uint8Array.of(0x81, 0x7f));
    expect(heard).toHaveLength(1);
  });
});

describe('release', () => {
  const key = () =>
    deriveLockKey(vendor.openEnrolmentCode(lock.enrolmentCode()).secret, serialNumber).publicKey;
  const release = (token: Uint8Array) => tellUnchecked(lock, credentials, { type: 'release', token });
  const world = async (): Promise<void> => {
    identity = {
      ...identity,
      root: makeCertificate({ ...deviceRequest(), publicKey: rootKey.publicKey }, rootKey),
    };
    memory = volatileMemory();
    lock = await bench.makeLock(serialNumber, { memory, identity });
    const keyPair = deriveLockKey(vendor.openEnrolmentCode(lock.enrolmentCode()).secret, serialNumber);
    credentials = {
      ...credentials,
      intermediate,
      keyCertificate: makeCertificate(leafRequest({ publicKey: keyPair.publicKey }), customerKey),
      privateKey: keyPair.privateKey,
    };
    expect(tellUnchecked(lock, credentials, { type: 'provision' })).toMatchObject({ type: 'provision' });
  };

  it('with the root’s token makes the lock new: another secret, no customer, and the old key opens nothing', async () => {
    await world();
    const [code, token] = [lock.enrolmentCode(), createReleaseToken(serialNumber, key(), rootKey.sign)];
    expect(unlock()).toEqual(opened);
    expect(release(token)).toEqual({ type: 'release' });
    expect(decodeInfo(lock.readInfo()).provisioned).toBe(false);
    expect(lock.enrolmentCode()).not.toEqual(code);
    expect(lock.readEnrolment()).toEqual(lock.enrolmentCode());
    expect(tellUnchecked(lock, credentials, { type: 'provision' })).toEqual(refused('chain'));
    await powerOn();
    expect(tellUnchecked(lock, credentials)).toEqual(refused('chain'));
    expect(lockStateSchema.parse(memory.read()).events.map(({ kind }) => kind)).toContain('released');
  });

  it('refuses other tokens, and after a few says how long it will not look at more, but goes on opening', async () => {
    await world();
    const foreign = createReleaseToken(serialNumber, key(), customerKey.sign);
    for (let count = 0; count < 5; count += 1) expect(release(foreign)).toEqual(refused('bad_token'));
    expect(release(foreign)).toEqual({
      type: 'refused',
      refusal: { reason: 'locked_out', retryAfterSeconds: 3600 },
    });
    const another = createReleaseToken('0000051a00000006', key(), rootKey.sign);
    expect(release(another)).toEqual(refused('locked_out'));
    expect(unlock()).toEqual(opened);
  });
});

describe('its ring', () => {
  it('keeps the last hundred events, numbered on, and hands them out in parts', async () => {
    for (let count = 0; count < 105; count += 1) {
      lock.setTamper(true);
      lock.setTamper(false);
    }
    const answer = ring();
    // Provisioning and tampering a hundred and five times: the first six are forgotten.
    expect(answer?.events[0]).toMatchObject({ sequence: 7, kind: 'tampered', actorHash: null });
    expect(answer?.events).toHaveLength(32);
    expect(answer?.more).toBe(true);
    await powerOn();
    expect(ring()?.events[0]).toMatchObject({ sequence: 7 });
  });

  it('holds refusals and tampering, and names no one for them', async () => {
    lock.setTamper(true);
    tellUnchecked(lock, await bench.credentials(lock, { customer: await vendor.addCustomer('other') }));
    expect(ring()?.events.map(({ kind, actorHash }) => [kind, actorHash])).toEqual([
      ['provisioned', null],
      ['tampered', null],
      ['refused', null],
    ]);
  });
});

describe('its advertisement', () => {
  it('fits, and changes with the bolt, tampering and the battery, and tells so', async () => {
    const { advertising, scanResponse } = lock.advertisement();
    expect(advertising.length).toBeLessThanOrEqual(31);
    expect(scanResponse.length).toBeLessThanOrEqual(31);
    let changes = 0;
    const stop = lock.onAdvertisementChange(() => (changes += 1));
    const decoded = () =>
      decodeAdvertisement(lock.advertisement().advertising.slice(23), scanResponse.slice(18));
    unlock();
    expect(decoded()).toMatchObject({ serialNumber, boltOpen: true });
    await closedAgain();
    expect(decoded()).toMatchObject({ boltOpen: false });
    lock.setTamper(true);
    lock.setBattery(9);
    expect(decoded()).toMatchObject({ tamper: true, battery: 9, batteryLow: true });
    expect(changes).toBe(4);
    lock.setBattery(9);
    stop();
    lock.setBattery(50);
    expect(changes).toBe(4);
  });

  it('has a static random address of its own', () => {
    expect(lock.address).toMatch(/^c6(:[0-9a-f]{2}){5}$/);
  });
});

describe('its connection', () => {
  it('serves one kiosk at a time: a new one ends the session of the one before', async () => {
    const heard: Uint8Array[] = [];
    const first = lock.connected((frame) => heard.push(frame));
    expect(unlock()).toEqual(opened);
    first.receive(Uint8Array.of(0x80, 0x10));
    expect(heard).toEqual([]);
    expect(await bench.driver.status(serialNumber, credentials, limits)).toMatchObject({ ok: true });
  });

  it('forgets a kiosk that has fallen silent', async () => {
    const heard: Uint8Array[] = [];
    const fresh = await bench.makeLock('00000000000000bb');
    const silent = fresh.connected((frame) => heard.push(frame));
    await bench.clock.advance(15_001);
    silent.receive(Uint8Array.of(0x80, 0x10));
    expect(heard).toEqual([]);
  });

  it('takes any bytes', () => {
    const connection = lock.connected(() => undefined);
    for (const frame of [[], [0x80], [0x80, 0xff], [0x05, 1], new Array<number>(600).fill(0)]) {
      expect(() => connection.receive(Uint8Array.from(frame))).not.toThrow();
    }
    expect(unlock()).toEqual(opened);
  });
});
