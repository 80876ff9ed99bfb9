import { beforeEach, describe, expect, it } from 'vitest';
import { firstValueFrom, take, toArray } from 'rxjs';
import { createLockBench, type LockBench } from '#support/lock-bench.ts';
import { benchSerial as serialNumber, useLockOnBench } from '#support/lock-on-bench.ts';
import type { SimulatedLock } from '#simulators/lock/simulated-lock.ts';
import type { Vendor } from '#simulators/live-lock/open-vendor.ts';
import { decodeInfo } from '../wire/info.ts';
import type { LockCredentials } from '../lock-driver.ts';

const actorHash = new Uint8Array(32).fill(9);
const limits = { deadlineMs: 10_000 };

let vendor: Vendor;
let bench: LockBench;
let lock: SimulatedLock;
let credentials: LockCredentials;

useLockOnBench((on) => ({ vendor, bench, lock, credentials } = on));

const failed = (code: string, params: object = { serialNumber }) => ({ ok: false, error: { code, params } });
const unlock = (options: object = {}) =>
  bench.driver.unlock(
    serialNumber,
    credentials,
    { holdOpenSeconds: 5, actorHash },
    { ...limits, ...options },
  );
const boltOpen = (): boolean => decodeInfo(lock.readInfo()).boltOpen;

describe('unlock', () => {
  it('opens the lock, through its stages, and the lock closes by itself', async () => {
    const stages: string[] = [];
    const answer = await unlock({
      onStage: (stage: string) => stages.push(stage),
      onCommitted: () => stages.push('committed'),
    });
    expect(answer).toEqual({ ok: true, value: { holdOpenSeconds: 5 } });
    expect(stages).toEqual(['find', 'connect', 'authenticate', 'actuate', 'committed']);
    expect(boltOpen()).toBe(true);
    await bench.clock.advance(5000);
    expect(boltOpen()).toBe(false);
    await bench.settle();
    expect(bench.radio.openLinks).toBe(0);
  });

  it('opens again and again, also with the chain that the lock has cached', async () => {
    for (let round = 0; round < 3; round += 1) expect(await unlock()).toMatchObject({ ok: true });
  });

  it('waits for an advertisement of a lock that has not been heard for a while', async () => {
    await bench.clock.advance(5000);
    const answer = unlock();
    await bench.clock.advance(1000);
    bench.radio.hear(lock);
    expect(await answer).toMatchObject({ ok: true });
  });

  it('says that a lock is not near', async () => {
    await bench.clock.advance(5000);
    const answer = unlock();
    await bench.clock.advance(10_000);
    expect(await answer).toEqual(failed('lock.not_near'));
  });

  it('says that a lock does not answer the call', async () => {
    bench.radio.setUnreachable(lock, true);
    const answer = unlock();
    await bench.clock.advance(10_000);
    expect(await answer).toEqual(failed('lock.connect_timeout'));
  });

  it('says that a lock has fallen silent, before and after the command', async () => {
    bench.radio.frameFault = (direction) => (direction === 'toKiosk' ? 'vanish' : 'deliver');
    const early = unlock();
    await bench.clock.advance(10_000);
    expect(await early).toEqual(failed('lock.answer_timeout'));
    expect(boltOpen()).toBe(false);

    let committed = false;
    bench.radio.frameFault = () => (committed ? 'vanish' : 'deliver');
    bench.radio.hear(lock);
    const late = unlock({ onCommitted: () => (committed = true) });
    await bench.settle();
    await bench.clock.advance(10_000);
    expect(await late).toEqual(failed('lock.outcome_unknown'));
  });

  it('is one at a time for one lock', async () => {
    const first = unlock();
    expect(await unlock()).toEqual(failed('lock.busy'));
    expect(await first).toMatchObject({ ok: true });
  });

  it('runs beside another lock’s', async () => {
    const other = await bench.makeLock('0000051a00000006', { provisioned: true });
    const [mine, others] = await Promise.all([
      unlock(),
      bench.driver.unlock(
        other.serialNumber,
        await bench.credentials(other),
        { holdOpenSeconds: 3, actorHash },
        limits,
      ),
    ]);
    expect(mine).toMatchObject({ ok: true });
    expect(others).toEqual({ ok: true, value: { holdOpenSeconds: 3 } });
  });

  it('can be cancelled until it is committed, and not after', async () => {
    for (const when of ['find', 'connect', 'authenticate', 'actuate'] as const) {
      const abort = new AbortController();
      bench.radio.hear(lock);
      const onStage = (stage: string): void => {
        if (stage === when) abort.abort();
      };
      expect(await unlock({ signal: abort.signal, onStage }), when).toEqual(failed('lock.cancelled'));
      expect(boltOpen()).toBe(false);
    }
    const abort = new AbortController();
    const answer = await unlock({ signal: abort.signal, onCommitted: () => abort.abort() });
    expect(answer).toMatchObject({ ok: true });
    await bench.settle();
    expect(bench.radio.openLinks).toBe(0);
  });

  it('refuses to begin once its signal is aborted', async () => {
    expect(await unlock({ signal: AbortSignal.abort() })).toEqual(failed('lock.cancelled'));
    expect(bench.radio.connections).toBe(0);
  });

  it.each([
    ['no_dongle', 'radio.no_dongle'],
    ['no_permission', 'radio.no_permission'],
    ['stuck', 'radio.stuck'],
  ] as const)('names the radio’s trouble: %s', async (state, code) => {
    bench.radio.setState(state);
    expect(await unlock()).toEqual(failed(code, {}));
  });

  it('waits for a radio that is starting, and says so if it never does', async () => {
    bench.radio.setState('starting');
    await bench.clock.advance(4000);
    const answer = unlock();
    await bench.clock.advance(10_000);
    expect(await answer).toEqual(failed('radio.restarting', {}));
  });

  it('ends at once when the dongle is pulled while it waits', async () => {
    await bench.clock.advance(5000);
    const answer = unlock();
    bench.radio.setState('no_dongle');
    expect(await answer).toEqual(failed('radio.no_dongle', {}));
  });

  it('hands on the lock’s own refusals', async () => {
    lock.setJammed(true);
    expect(await unlock()).toEqual(failed('lock.refused', { serialNumber, reason: 'jammed' }));
    lock.setJammed(false);
    lock.setBattery(1);
    expect(await unlock()).toEqual(failed('lock.refused', { serialNumber, reason: 'battery_low' }));
  });

  it('needs a lock that is provisioned', async () => {
    const fresh = await bench.makeLock('0000051a00000007');
    const command = { holdOpenSeconds: 5, actorHash };
    const theirs = await bench.credentials(fresh);
    expect(await bench.driver.unlock(fresh.serialNumber, theirs, command, limits)).toEqual(
      failed('lock.not_provisioned', { serialNumber: fresh.serialNumber }),
    );
  });

  it('works on a link that carries twenty bytes at a time', async () => {
    const narrow = await createLockBench(vendor, { maxFrame: 20, frameSize: 20 });
    const tiny = await narrow.makeLock(serialNumber, { provisioned: true });
    const theirs = await narrow.credentials(tiny);
    const command = { holdOpenSeconds: 5, actorHash };
    expect(await narrow.driver.unlock(serialNumber, theirs, command, limits)).toMatchObject({ ok: true });
    await narrow.dispose();
  });

  it('works on a link that carries less at a time than the lock would send', async () => {
    const narrow = await createLockBench(vendor, { maxFrame: 20, frameSize: 244 });
    const wide = await narrow.makeLock(serialNumber, { provisioned: true });
    const theirs = await narrow.credentials(wide);
    const command = { holdOpenSeconds: 5, actorHash };
    expect(await narrow.driver.unlock(serialNumber, theirs, command, limits)).toMatchObject({ ok: true });
    await narrow.dispose();
  });
});

describe('enrolment', () => {
  beforeEach(async () => {
    lock = await bench.makeLock('0000051a000000aa');
    credentials = await bench.credentials(lock);
  });
  const serial = { serialNumber: '0000051a000000aa' };

  it('reads what a new lock offers, provisions it, and unlocks it', async () => {
    const offer = await bench.driver.readEnrolment(lock.serialNumber, new Uint8Array(32), limits);
    expect(offer).toMatchObject({
      ok: true,
      value: {
        serialNumber: lock.serialNumber,
        type: 'CAM',
        enrolmentCode: lock.enrolmentCode(),
        deviceCertificate: lock.deviceCertificate,
      },
    });
    const provisioned = { provisioned: true, boltOpen: false, tamper: false, battery: 100 };
    const provision = () => bench.driver.provision(lock.serialNumber, credentials, limits);
    expect(await provision()).toEqual({ ok: true, value: provisioned });
    expect(await provision()).toEqual({ ok: true, value: provisioned });
    expect(await bench.driver.status(lock.serialNumber, credentials, limits)).toEqual({
      ok: true,
      value: provisioned,
    });
    expect(await bench.driver.readEnrolment(lock.serialNumber, new Uint8Array(32), limits)).toEqual(
      failed('lock.already_provisioned', serial),
    );
    const command = { holdOpenSeconds: 5, actorHash };
    expect(await bench.driver.unlock(lock.serialNumber, credentials, command, limits)).toMatchObject({
      ok: true,
    });
  });

  it('finds a lost answer to provisioning by repeating it', async () => {
    let committed = false;
    bench.radio.frameFault = (direction) =>
      committed && direction === 'toKiosk' ? 'lose_before' : 'deliver';
    const lost = await bench.driver.provision(lock.serialNumber, credentials, {
      ...limits,
      onCommitted: () => (committed = true),
    });
    expect(lost).toEqual(failed('lock.outcome_unknown', serial));
    bench.radio.frameFault = () => 'deliver';
    bench.radio.hear(lock);
    expect(await bench.driver.provision(lock.serialNumber, credentials, limits)).toMatchObject({
      ok: true,
      value: { provisioned: true },
    });
  });

  it('makes a new lock blink without credentials, and an enrolled one only with them', async () => {
    const blinking = () => firstValueFrom(lock.state$).then((view) => view.blinking);
    expect(await bench.driver.identify(lock.serialNumber, null, limits)).toEqual({ ok: true, value: null });
    expect(await blinking()).toBe(true);
    await bench.clock.advance(20_000);
    expect(await blinking()).toBe(false);
    bench.radio.hear(lock);
    await bench.driver.provision(lock.serialNumber, credentials, limits);
    expect(await bench.driver.identify(lock.serialNumber, null, limits)).toEqual(failed('lock.busy', serial));
    expect(await blinking()).toBe(false);
    expect(await bench.driver.identify(lock.serialNumber, credentials, limits)).toMatchObject({ ok: true });
    expect(await blinking()).toBe(true);
  });
});

describe('sightings', () => {
  it('name a lock only once its whole serial number was heard, and tell its state', async () => {
    const sightings = firstValueFrom(bench.driver.sightings$.pipe(take(2), toArray()));
    lock.setTamper(true);
    lock.setBattery(10);
    bench.radio.hear(lock, { scanResponse: false });
    bench.radio.hear(lock, { rssi: -71 });
    await unlock();
    bench.radio.hear(lock);
    expect(await sightings).toEqual([
      {
        serialNumber,
        rssi: -71,
        provisioned: true,
        boltOpen: false,
        tamper: true,
        batteryLow: true,
        battery: 10,
      },
      {
        serialNumber,
        rssi: -60,
        provisioned: true,
        boltOpen: true,
        tamper: true,
        batteryLow: true,
        battery: 10,
      },
    ]);
  });
});

it('answers after dispose', async () => {
  await bench.driver.dispose();
  expect(await unlock()).toEqual(failed('lock.cancelled'));
});
