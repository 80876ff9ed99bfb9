import { describe, expect } from 'vitest';
import { firstValueFrom, take, toArray } from 'rxjs';
import { createLockBench } from '#support/lock-bench.ts';
import { benchSerial as serialNumber, lockTest } from '#support/lock-on-bench.ts';
import { decodeInfo } from '../wire/info.ts';

const actorHash = new Uint8Array(32).fill(9);
const limits = { deadlineMs: 10_000 };

const it = lockTest
  /** A new lock, and what opens it once it is provisioned. */
  .extend('fresh', ({ lockBench: bench }) => bench.makeLock('0000051a000000aa'))
  .extend('theirs', ({ lockBench: bench, fresh }) => bench.credentials(fresh))
  .extend('on', ({ vendor, lockBench: bench, lock, credentials, fresh, theirs }) => {
    const unlock = (options: object = {}) =>
      bench.driver.unlock(
        serialNumber,
        credentials,
        { holdOpenSeconds: 5, actorHash },
        { ...limits, ...options },
      );
    const boltOpen = (): boolean => decodeInfo(lock.readInfo()).boltOpen;
    return { vendor, bench, lock, credentials, fresh, theirs, unlock, boltOpen };
  });

const failed = (code: string, params: object = { serialNumber }) => ({ ok: false, error: { code, params } });

describe('unlock', () => {
  it('opens the lock, through its stages, and the lock closes by itself', async ({ on }) => {
    const stages: string[] = [];
    const answer = await on.unlock({
      onStage: (stage: string) => stages.push(stage),
      onCommitted: () => stages.push('committed'),
    });
    expect(answer).toEqual({ ok: true, value: { holdOpenSeconds: 5 } });
    expect(stages).toEqual(['find', 'connect', 'authenticate', 'actuate', 'committed']);
    expect(on.boltOpen()).toBe(true);
    await on.bench.clock.advance(5000);
    expect(on.boltOpen()).toBe(false);
    await on.bench.settle();
    expect(on.bench.radio.openLinks).toBe(0);
  });

  it('opens again and again, also with the chain that the lock has cached', async ({ on }) => {
    for (let round = 0; round < 3; round += 1) expect(await on.unlock()).toMatchObject({ ok: true });
  });

  it('waits for an advertisement of a lock that has not been heard for a while', async ({ on }) => {
    await on.bench.clock.advance(5000);
    const answer = on.unlock();
    await on.bench.clock.advance(1000);
    on.bench.radio.hear(on.lock);
    expect(await answer).toMatchObject({ ok: true });
  });

  it('says that a lock is not near', async ({ on }) => {
    await on.bench.clock.advance(5000);
    const answer = on.unlock();
    await on.bench.clock.advance(10_000);
    expect(await answer).toEqual(failed('lock.not_near'));
  });

  it('says that a lock does not answer the call', async ({ on }) => {
    on.bench.radio.setUnreachable(on.lock, true);
    const answer = on.unlock();
    await on.bench.clock.advance(10_000);
    expect(await answer).toEqual(failed('lock.connect_timeout'));
  });

  it('says that a lock has fallen silent, before and after the command', async ({ on }) => {
    on.bench.radio.frameFault = (direction) => (direction === 'toKiosk' ? 'vanish' : 'deliver');
    const early = on.unlock();
    await on.bench.clock.advance(10_000);
    expect(await early).toEqual(failed('lock.answer_timeout'));
    expect(on.boltOpen()).toBe(false);

    let committed = false;
    on.bench.radio.frameFault = () => (committed ? 'vanish' : 'deliver');
    on.bench.radio.hear(on.lock);
    const late = on.unlock({ onCommitted: () => (committed = true) });
    await on.bench.settle();
    await on.bench.clock.advance(10_000);
    expect(await late).toEqual(failed('lock.outcome_unknown'));
  });

  it('is one at a time for one lock', async ({ on }) => {
    const first = on.unlock();
    expect(await on.unlock()).toEqual(failed('lock.busy'));
    expect(await first).toMatchObject({ ok: true });
  });

  it('runs beside another lock’s', async ({ on }) => {
    const other = await on.bench.makeLock('0000051a00000006', { provisioned: true });
    const [mine, others] = await Promise.all([
      on.unlock(),
      on.bench.driver.unlock(
        other.serialNumber,
        await on.bench.credentials(other),
        { holdOpenSeconds: 3, actorHash },
        limits,
      ),
    ]);
    expect(mine).toMatchObject({ ok: true });
    expect(others).toEqual({ ok: true, value: { holdOpenSeconds: 3 } });
  });

  it('can be cancelled until it is committed, and not after', async ({ on }) => {
    for (const when of ['find', 'connect', 'authenticate', 'actuate'] as const) {
      const abort = new AbortController();
      on.bench.radio.hear(on.lock);
      const onStage = (stage: string): void => {
        if (stage === when) abort.abort();
      };
      expect(await on.unlock({ signal: abort.signal, onStage }), when).toEqual(failed('lock.cancelled'));
      expect(on.boltOpen()).toBe(false);
    }
    const abort = new AbortController();
    const answer = await on.unlock({ signal: abort.signal, onCommitted: () => abort.abort() });
    expect(answer).toMatchObject({ ok: true });
    await on.bench.settle();
    expect(on.bench.radio.openLinks).toBe(0);
  });

  it('refuses to begin once its signal is aborted', async ({ on }) => {
    expect(await on.unlock({ signal: AbortSignal.abort() })).toEqual(failed('lock.cancelled'));
    expect(on.bench.radio.connections).toBe(0);
  });

  it.for([
    ['no_dongle', 'radio.no_dongle'],
    ['no_permission', 'radio.no_permission'],
    ['stuck', 'radio.stuck'],
  ] as const)('names the radio’s trouble: %s', async ([state, code], { on }) => {
    on.bench.radio.setState(state);
    expect(await on.unlock()).toEqual(failed(code, {}));
  });

  it('waits for a radio that is starting, and says so if it never does', async ({ on }) => {
    on.bench.radio.setState('starting');
    await on.bench.clock.advance(4000);
    const answer = on.unlock();
    await on.bench.clock.advance(10_000);
    expect(await answer).toEqual(failed('radio.restarting', {}));
  });

  it('ends at once when the dongle is pulled while it waits', async ({ on }) => {
    await on.bench.clock.advance(5000);
    const answer = on.unlock();
    on.bench.radio.setState('no_dongle');
    expect(await answer).toEqual(failed('radio.no_dongle', {}));
  });

  it('hands on the lock’s own refusals', async ({ on }) => {
    on.lock.setJammed(true);
    expect(await on.unlock()).toEqual(failed('lock.refused', { serialNumber, reason: 'jammed' }));
    on.lock.setJammed(false);
    on.lock.setBattery(1);
    expect(await on.unlock()).toEqual(failed('lock.refused', { serialNumber, reason: 'battery_low' }));
  });

  it('needs a lock that is provisioned', async ({ on }) => {
    const fresh = await on.bench.makeLock('0000051a00000007');
    const command = { holdOpenSeconds: 5, actorHash };
    const theirs = await on.bench.credentials(fresh);
    expect(await on.bench.driver.unlock(fresh.serialNumber, theirs, command, limits)).toEqual(
      failed('lock.not_provisioned', { serialNumber: fresh.serialNumber }),
    );
  });

  it('works on a link that carries twenty bytes at a time', async ({ on }) => {
    const narrow = await createLockBench(on.vendor, { maxFrame: 20, frameSize: 20 });
    const tiny = await narrow.makeLock(serialNumber, { provisioned: true });
    const theirs = await narrow.credentials(tiny);
    const command = { holdOpenSeconds: 5, actorHash };
    expect(await narrow.driver.unlock(serialNumber, theirs, command, limits)).toMatchObject({ ok: true });
    await narrow.dispose();
  });

  it('works on a link that carries less at a time than the lock would send', async ({ on }) => {
    const narrow = await createLockBench(on.vendor, { maxFrame: 20, frameSize: 244 });
    const wide = await narrow.makeLock(serialNumber, { provisioned: true });
    const theirs = await narrow.credentials(wide);
    const command = { holdOpenSeconds: 5, actorHash };
    expect(await narrow.driver.unlock(serialNumber, theirs, command, limits)).toMatchObject({ ok: true });
    await narrow.dispose();
  });
});

describe('enrolment', () => {
  const serial = { serialNumber: '0000051a000000aa' };

  it('reads what a new lock offers, provisions it, and unlocks it', async ({ on }) => {
    const offer = await on.bench.driver.readEnrolment(on.fresh.serialNumber, new Uint8Array(32), limits);
    expect(offer).toMatchObject({
      ok: true,
      value: {
        serialNumber: on.fresh.serialNumber,
        type: 'CAM',
        enrolmentCode: on.fresh.enrolmentCode(),
        deviceCertificate: on.fresh.deviceCertificate,
      },
    });
    const provisioned = { provisioned: true, boltOpen: false, tamper: false, battery: 100 };
    const provision = () => on.bench.driver.provision(on.fresh.serialNumber, on.theirs, limits);
    expect(await provision()).toEqual({ ok: true, value: provisioned });
    expect(await provision()).toEqual({ ok: true, value: provisioned });
    expect(await on.bench.driver.status(on.fresh.serialNumber, on.theirs, limits)).toEqual({
      ok: true,
      value: provisioned,
    });
    expect(await on.bench.driver.readEnrolment(on.fresh.serialNumber, new Uint8Array(32), limits)).toEqual(
      failed('lock.already_provisioned', serial),
    );
    const command = { holdOpenSeconds: 5, actorHash };
    expect(await on.bench.driver.unlock(on.fresh.serialNumber, on.theirs, command, limits)).toMatchObject({
      ok: true,
    });
  });

  it('finds a lost answer to provisioning by repeating it', async ({ on }) => {
    let committed = false;
    on.bench.radio.frameFault = (direction) =>
      committed && direction === 'toKiosk' ? 'lose_before' : 'deliver';
    const lost = await on.bench.driver.provision(on.fresh.serialNumber, on.theirs, {
      ...limits,
      onCommitted: () => (committed = true),
    });
    expect(lost).toEqual(failed('lock.outcome_unknown', serial));
    on.bench.radio.frameFault = () => 'deliver';
    on.bench.radio.hear(on.fresh);
    expect(await on.bench.driver.provision(on.fresh.serialNumber, on.theirs, limits)).toMatchObject({
      ok: true,
      value: { provisioned: true },
    });
  });

  it('makes a new lock blink without credentials, and an enrolled one only with them', async ({ on }) => {
    const blinking = () => firstValueFrom(on.fresh.state$).then((view) => view.blinking);
    expect(await on.bench.driver.identify(on.fresh.serialNumber, null, limits)).toEqual({
      ok: true,
      value: null,
    });
    expect(await blinking()).toBe(true);
    await on.bench.clock.advance(20_000);
    expect(await blinking()).toBe(false);
    on.bench.radio.hear(on.fresh);
    await on.bench.driver.provision(on.fresh.serialNumber, on.theirs, limits);
    expect(await on.bench.driver.identify(on.fresh.serialNumber, null, limits)).toEqual(
      failed('lock.busy', serial),
    );
    expect(await blinking()).toBe(false);
    expect(await on.bench.driver.identify(on.fresh.serialNumber, on.theirs, limits)).toMatchObject({
      ok: true,
    });
    expect(await blinking()).toBe(true);
  });
});

describe('sightings', () => {
  it('name a lock only once its whole serial number was heard, and tell its state', async ({ on }) => {
    const sightings = firstValueFrom(on.bench.driver.sightings$.pipe(take(2), toArray()));
    on.lock.setTamper(true);
    on.lock.setBattery(10);
    on.bench.radio.hear(on.lock, { scanResponse: false });
    on.bench.radio.hear(on.lock, { rssi: -71 });
    await on.unlock();
    on.bench.radio.hear(on.lock);
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

it('answers after dispose', async ({ on }) => {
  await on.bench.driver.dispose();
  expect(await on.unlock()).toEqual(failed('lock.cancelled'));
});
