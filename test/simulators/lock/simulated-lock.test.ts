import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { decodeAdvertisement } from '#kiosk/link/wire/advertisement.ts';
import { deriveLockKey } from '#kiosk/link/lock/derive-key.ts';
import { decodeInfo } from '#kiosk/link/wire/info.ts';
import { createReleaseToken } from '../live-lock/root-statements.ts';
import { makeCertificate } from '#support/certificate-maker.ts';
import { customerKey, deviceRequest, intermediate, leafRequest, rootKey } from '#support/link-world.ts';
import { benchSerial as serialNumber, lockTest } from '#support/lock-on-bench.ts';
import { tellUnchecked } from '#support/unchecked-kiosk.ts';
import { fileMemory, openLockIdentity } from './file-memory.ts';
import { lockStateSchema, volatileMemory } from './lock-state.ts';

const dayMs = 86_400_000;
const limits = { deadlineMs: 10_000 };

const it = lockTest.extend('on', ({ vendor, lockBench: bench, identity, memory, lock, credentials }) => {
  const on = { vendor, bench, identity, memory, lock, credentials };
  const unlock = () => tellUnchecked(on.lock, on.credentials);
  const closedAgain = () => bench.clock.advance(5000);
  const powerOn = async (): Promise<void> => {
    on.lock.dispose();
    on.lock = await bench.makeLock(serialNumber, { memory: on.memory, identity: on.identity });
  };
  const ring = () => {
    const answer = tellUnchecked(on.lock, on.credentials, { type: 'events', after: 0 });
    return typeof answer === 'object' && answer?.type === 'events' ? answer : null;
  };
  const failures = () => lockStateSchema.parse(on.memory.read()).failures;
  const stranger = async () => bench.credentials(on.lock, { customer: await vendor.addCustomer('other') });
  const key = () =>
    deriveLockKey(vendor.openEnrolmentCode(on.lock.enrolmentCode()).secret, serialNumber).publicKey;
  const release = (token: Uint8Array) => tellUnchecked(on.lock, on.credentials, { type: 'release', token });
  const world = async (): Promise<void> => {
    on.identity = {
      ...on.identity,
      root: makeCertificate({ ...deviceRequest(), publicKey: rootKey.publicKey }, rootKey),
    };
    on.memory = volatileMemory();
    on.lock = await bench.makeLock(serialNumber, { memory: on.memory, identity: on.identity });
    const keyPair = deriveLockKey(vendor.openEnrolmentCode(on.lock.enrolmentCode()).secret, serialNumber);
    on.credentials = {
      ...on.credentials,
      intermediate,
      keyCertificate: makeCertificate(leafRequest({ publicKey: keyPair.publicKey }), customerKey),
      privateKey: keyPair.privateKey,
    };
    expect(tellUnchecked(on.lock, on.credentials, { type: 'provision' })).toMatchObject({
      type: 'provision',
    });
  };
  return Object.assign(on, { unlock, closedAgain, powerOn, ring, failures, stranger, key, release, world });
});

const opened = { type: 'unlock', holdOpenSeconds: 5 };
const refused = (reason: string) =>
  expect.objectContaining({ refusal: expect.objectContaining({ reason }) as object }) as object;

describe('its memory', () => {
  it('keeps the enrolment code and the binding through restarts', async ({ on }) => {
    const code = on.lock.enrolmentCode();
    await on.powerOn();
    expect(on.lock.enrolmentCode()).toEqual(code);
    expect(decodeInfo(on.lock.readInfo()).provisioned).toBe(true);
    expect(on.lock.readEnrolment()).toBeNull();
  });

  it('keeps the highest epoch, so that a restart revives no revoked intermediate', async ({ on }) => {
    const newer = await on.bench.credentials(on.lock, { epoch: 3 });
    expect(tellUnchecked(on.lock, { ...newer })).toEqual(opened);
    await on.powerOn();
    expect(on.unlock()).toEqual(refused('chain'));
  });

  it('is a file that its owner alone can read, and refuses what no lock wrote', async ({ on }) => {
    const dir = mkdtempSync(join(tmpdir(), 'lock-'));
    const path = join(dir, 'lock.json');
    const kept = fileMemory(path);
    const first = await on.bench.makeLock('00000000000000aa', { memory: kept });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const code = first.enrolmentCode();
    first.dispose();
    const again = await on.bench.makeLock('00000000000000aa', { memory: fileMemory(path) });
    expect(again.enrolmentCode()).toEqual(code);
    writeFileSync(path, readFileSync(path, 'utf8').replace('"version":1', '"version":7'));
    await expect(on.bench.makeLock('00000000000000aa', { memory: kept })).rejects.toThrow();
  });

  it('holds an identity that is manufactured once', async ({ on }) => {
    const dir = mkdtempSync(join(tmpdir(), 'lock-'));
    const open = () => openLockIdentity(dir, on.vendor, { serialNumber, type: 'CAM' });
    expect(await open()).toEqual(await open());
  });
});

describe('its clock', () => {
  it('goes on from what the root has signed, and a real-time clock set back takes nothing away', async ({
    on,
  }) => {
    const lapsing = await on.bench.credentials(on.lock, { lapsesIn: dayMs });
    expect(tellUnchecked(on.lock, lapsing)).toEqual(opened);
    await on.bench.clock.advance(dayMs + 60_001);
    expect(tellUnchecked(on.lock, lapsing)).toEqual(refused('chain'));
    on.bench.clock.jump(-30 * dayMs);
    expect(tellUnchecked(on.lock, lapsing)).toEqual(refused('chain'));
  });

  it('that has stopped allows twenty unlocks, then wants proof of the time', async ({ on }) => {
    expect(on.unlock()).toEqual(opened);
    on.lock.losePower();
    for (let count = 0; count < 20; count += 1) expect(on.unlock()).toEqual(opened);
    expect(on.unlock()).toEqual(refused('time_untrusted'));
    await on.powerOn();
    expect(on.unlock()).toEqual(refused('time_untrusted'));
    const later = await on.bench.credentials(on.lock, { startsIn: 120_000 });
    expect(tellUnchecked(on.lock, later)).toEqual(refused('time_untrusted'));
  });
});

describe('its attempt limiter', () => {
  it('never refuses a chain that is in order: a stranger who fails for ever keeps nobody out', async ({
    on,
  }) => {
    const foreign = await on.stranger();
    for (let round = 0; round < 8; round += 1) {
      for (let count = 0; count < 4; count += 1) tellUnchecked(on.lock, foreign);
      expect(on.unlock()).toEqual(opened);
      await on.bench.clock.advance(1000);
    }
  });

  it('counts five sessions that fail to prove themselves, then one an hour, and no more for a success between them', async ({
    on,
  }) => {
    const foreign = await on.stranger();
    const record = () => on.ring()?.events.filter(({ kind }) => kind === 'refused').length;
    for (let count = 0; count < 20; count += 1)
      expect(tellUnchecked(on.lock, foreign)).toEqual(refused('chain'));
    expect([on.failures(), record()]).toEqual([5, 5]);
    expect(on.unlock()).toEqual(opened);
    tellUnchecked(on.lock, foreign);
    expect([on.failures(), record()]).toEqual([5, 5]);
    await on.bench.clock.advance(3_600_000);
    for (let count = 0; count < 20; count += 1) tellUnchecked(on.lock, foreign);
    expect([on.failures(), record()]).toEqual([5, 6]);
  });

  it('keeps a day of failing on purpose from filling its ring', async ({ on }) => {
    const foreign = await on.stranger();
    for (let minute = 0; minute < 24 * 60; minute += 10) {
      tellUnchecked(on.lock, foreign);
      await on.bench.clock.advance(600_000);
    }
    const events = lockStateSchema.parse(on.memory.read()).events;
    expect(events[0]).toMatchObject({ kind: 'provisioned' });
    expect(events.length).toBeLessThan(45);
  });

  it('lets one link fail once while it pauses', async ({ on }) => {
    const foreign = await on.stranger();
    for (let count = 0; count < 5; count += 1) tellUnchecked(on.lock, foreign);
    const heard: Uint8Array[] = [];
    const link = on.lock.connected((frame) => heard.push(frame));
    link.receive(Uint8Array.of(0x80, 0x7f));
    expect(heard).toHaveLength(1);
    link.receive(Uint8Array.of(0x81, 0x7f));
    expect(heard).toHaveLength(1);
  });
});

describe('release', () => {
  it('with the root’s token makes the lock new: another secret, no customer, and the old key opens nothing', async ({
    on,
  }) => {
    await on.world();
    const [code, token] = [on.lock.enrolmentCode(), createReleaseToken(serialNumber, on.key(), rootKey.sign)];
    expect(on.unlock()).toEqual(opened);
    expect(on.release(token)).toEqual({ type: 'release' });
    expect(decodeInfo(on.lock.readInfo()).provisioned).toBe(false);
    expect(on.lock.enrolmentCode()).not.toEqual(code);
    expect(on.lock.readEnrolment()).toEqual(on.lock.enrolmentCode());
    expect(tellUnchecked(on.lock, on.credentials, { type: 'provision' })).toEqual(refused('chain'));
    await on.powerOn();
    expect(tellUnchecked(on.lock, on.credentials)).toEqual(refused('chain'));
    expect(lockStateSchema.parse(on.memory.read()).events.map(({ kind }) => kind)).toContain('released');
  });

  it('refuses other tokens, and after a few says how long it will not look at more, but goes on opening', async ({
    on,
  }) => {
    await on.world();
    const foreign = createReleaseToken(serialNumber, on.key(), customerKey.sign);
    for (let count = 0; count < 5; count += 1) expect(on.release(foreign)).toEqual(refused('bad_token'));
    expect(on.release(foreign)).toEqual({
      type: 'refused',
      refusal: { reason: 'locked_out', retryAfterSeconds: 3600 },
    });
    const another = createReleaseToken('0000051a00000006', on.key(), rootKey.sign);
    expect(on.release(another)).toEqual(refused('locked_out'));
    expect(on.unlock()).toEqual(opened);
  });
});

describe('its ring', () => {
  it('keeps the last hundred events, numbered on, and hands them out in parts', async ({ on }) => {
    for (let count = 0; count < 105; count += 1) {
      on.lock.setTamper(true);
      on.lock.setTamper(false);
    }
    const answer = on.ring();
    // Provisioning and tampering a hundred and five times: the first six are forgotten.
    expect(answer?.events[0]).toMatchObject({ sequence: 7, kind: 'tampered', actorHash: null });
    expect(answer?.events).toHaveLength(32);
    expect(answer?.more).toBe(true);
    await on.powerOn();
    expect(on.ring()?.events[0]).toMatchObject({ sequence: 7 });
  });

  it('holds refusals and tampering, and names no one for them', async ({ on }) => {
    on.lock.setTamper(true);
    tellUnchecked(
      on.lock,
      await on.bench.credentials(on.lock, { customer: await on.vendor.addCustomer('other') }),
    );
    expect(on.ring()?.events.map(({ kind, actorHash }) => [kind, actorHash])).toEqual([
      ['provisioned', null],
      ['tampered', null],
      ['refused', null],
    ]);
  });
});

describe('its advertisement', () => {
  it('fits, and changes with the bolt, tampering and the battery, and tells so', async ({ on }) => {
    const { advertising, scanResponse } = on.lock.advertisement();
    expect(advertising.length).toBeLessThanOrEqual(31);
    expect(scanResponse.length).toBeLessThanOrEqual(31);
    let changes = 0;
    const stop = on.lock.onAdvertisementChange(() => (changes += 1));
    const decoded = () =>
      decodeAdvertisement(on.lock.advertisement().advertising.slice(23), scanResponse.slice(18));
    on.unlock();
    expect(decoded()).toMatchObject({ serialNumber, boltOpen: true });
    await on.closedAgain();
    expect(decoded()).toMatchObject({ boltOpen: false });
    on.lock.setTamper(true);
    on.lock.setBattery(9);
    expect(decoded()).toMatchObject({ tamper: true, battery: 9, batteryLow: true });
    expect(changes).toBe(4);
    on.lock.setBattery(9);
    stop();
    on.lock.setBattery(50);
    expect(changes).toBe(4);
  });

  it('has a static random address of its own', ({ on }) => {
    expect(on.lock.address).toMatch(/^c6(:[0-9a-f]{2}){5}$/);
  });
});

describe('its connection', () => {
  it('serves one kiosk at a time: a new one ends the session of the one before', async ({ on }) => {
    const heard: Uint8Array[] = [];
    const first = on.lock.connected((frame) => heard.push(frame));
    expect(on.unlock()).toEqual(opened);
    first.receive(Uint8Array.of(0x80, 0x10));
    expect(heard).toEqual([]);
    expect(await on.bench.driver.status(serialNumber, on.credentials, limits)).toMatchObject({ ok: true });
  });

  it('forgets a kiosk that has fallen silent', async ({ on }) => {
    const heard: Uint8Array[] = [];
    const fresh = await on.bench.makeLock('00000000000000bb');
    const silent = fresh.connected((frame) => heard.push(frame));
    await on.bench.clock.advance(15_001);
    silent.receive(Uint8Array.of(0x80, 0x10));
    expect(heard).toEqual([]);
  });

  it('takes any bytes', ({ on }) => {
    const connection = on.lock.connected(() => undefined);
    for (const frame of [[], [0x80], [0x80, 0xff], [0x05, 1], new Array<number>(600).fill(0)]) {
      expect(() => connection.receive(Uint8Array.from(frame))).not.toThrow();
    }
    expect(on.unlock()).toEqual(opened);
  });
});
