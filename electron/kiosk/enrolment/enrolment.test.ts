import { describe, expect, test } from 'vitest';
import { fail, ok } from '#shared/errors/app-error.ts';
import { enrolmentSchema } from '#shared/models/enrolment.ts';
import { untilStopped } from '#support/fake-driver.ts';
import { createKioskBench } from '#support/kiosk-bench.ts';
import { enrolmentRow, ids, serial } from '#support/kiosk-rows.ts';
import { captureChallenge } from '../link/kiosk/capture-proof.ts';
import { createAutoProvisioner } from './auto-provisioner.ts';
import { createEnrolmentService } from './enrolment-service.ts';
import { createProvisioner } from './provisioner.ts';

const staySignal = new AbortController().signal;
const request = { serialNumber: serial, name: 'Case 5', group: 'Perfume', staffId: ids.ann };

const bench = () => {
  const base = createKioskBench();
  const enrolments = createEnrolmentService({ ...base, kioskId: () => ids.kiosk });
  const provisioner = createProvisioner(base);
  const startAuto = () =>
    createAutoProvisioner({
      ...base,
      enrolments$: base.data.enrolments$,
      nearby$: base.nearby.nearby$,
      keySerials$: base.data.keySerials$,
      readiness$: base.readinessWatch.readiness$,
      provisioner,
    });
  const provisions = (): number => base.driver.asked.filter((asked) => asked.startsWith('provision')).length;
  return { ...base, enrolments, provisioner, startAuto, provisions };
};

describe('capture', () => {
  test('queues what the lock offers, durably and whole', async () => {
    const { driver, data, enrolments } = bench();
    driver.hear(serial, { provisioned: false });
    const captured = await enrolments.capture(request, staySignal);
    expect(captured.ok).toBe(true);
    const [enrolment] = data.enrolments$.value;
    expect(enrolmentSchema.parse(enrolment)).toMatchObject({
      state: 'captured',
      kioskId: ids.kiosk,
      version: 0,
    });
    expect(data.events).toMatchObject([
      { kind: 'enrolment_captured', staffId: ids.ann, serialNumber: serial },
    ]);
  });

  test('a lock that is only advertised as provisioned is asked itself', async () => {
    const { driver, enrolments } = bench();
    driver.hear(serial, { provisioned: true });
    expect((await enrolments.capture(request, staySignal)).ok).toBe(true);
  });

  test('asks the lock over the very enrolment that it queues, and queues its proof or that there is none', async () => {
    const { driver, data, enrolments } = bench();
    driver.hear(serial, { provisioned: false });
    const plain = driver.onReadEnrolment;
    for (const proof of [Uint8Array.of(4, 5, 6), null]) {
      driver.onReadEnrolment = async (...call) => {
        const offer = await plain(...call);
        return offer.ok ? ok({ ...offer.value, proof }) : offer;
      };
      const captured = await enrolments.capture(request, staySignal);
      if (!captured.ok) throw new Error(captured.error.code);
      const { enrolmentId } = captured.value;
      expect(driver.challenge).toEqual(captureChallenge(ids.kiosk, enrolmentId));
      const enrolment = data.enrolments$.value.find((each) => each.enrolmentId === enrolmentId);
      expect(enrolmentSchema.parse(enrolment).proof).toBe(proof && 'BAUG');
      await enrolments.abandon(enrolmentId);
    }
  });

  test('only one live enrolment per serial number, also for two people at once', async () => {
    const { driver, data, enrolments } = bench();
    driver.hear(serial, { provisioned: false });
    const both = await Promise.all([
      enrolments.capture(request, staySignal),
      enrolments.capture(request, staySignal),
    ]);
    expect(both.filter(({ ok: done }) => done)).toHaveLength(1);
    expect(await enrolments.capture(request, staySignal)).toEqual(
      fail('enrolment.already_captured', { serialNumber: serial }),
    );
    expect(data.enrolments$.value).toHaveLength(1);
  });

  test('an abandoned one may be captured again', async () => {
    const { driver, data, enrolments } = bench();
    driver.hear(serial, { provisioned: false });
    const first = await enrolments.capture(request, staySignal);
    if (!first.ok) throw new Error(first.error.code);
    expect(await enrolments.abandon(first.value.enrolmentId)).toEqual(ok(null));
    expect((await enrolments.capture(request, staySignal)).ok).toBe(true);
    expect(data.enrolments$.value.map(({ state }) => state)).toEqual(['abandoned', 'captured']);
  });

  test('nothing is queued of a lock that is not new, not near, not genuine, or not the one asked', async () => {
    const { driver, clock, data, enrolments } = bench();
    const absent = enrolments.capture(request, staySignal);
    await clock.advance(2_000);
    expect(await absent).toMatchObject({ error: { code: 'lock.not_near' } });
    driver.hear(serial, { provisioned: false });
    driver.onReadEnrolment = (serialNumber) =>
      Promise.resolve(fail('lock.already_provisioned', { serialNumber }));
    expect(await enrolments.capture(request, staySignal)).toMatchObject({
      error: { code: 'lock.already_provisioned' },
    });
    driver.onReadEnrolment = (serialNumber) => Promise.resolve(fail('lock.not_genuine', { serialNumber }));
    expect(await enrolments.capture(request, staySignal)).toMatchObject({
      error: { code: 'lock.not_genuine' },
    });
    driver.onReadEnrolment = () =>
      Promise.resolve(
        ok({
          serialNumber: 'ff',
          type: '',
          enrolmentCode: new Uint8Array(1),
          deviceCertificate: new Uint8Array(1),
          proof: null,
        }),
      );
    expect(await enrolments.capture(request, staySignal)).toMatchObject({
      error: { code: 'lock.not_genuine' },
    });
    expect(data.enrolments$.value).toEqual([]);
  });

  test('a full disk is said, and nothing is half captured', async () => {
    const { driver, data, enrolments, slot } = bench();
    driver.hear(serial, { provisioned: false });
    data.diskFull = true;
    expect(await enrolments.capture(request, staySignal)).toEqual(fail('storage.disk_full'));
    expect(data.enrolments$.value).toEqual([]);
    expect(slot.isFree()).toBe(true);
  });

  test('retry and abandon know their states', async () => {
    const { data, enrolments } = bench();
    expect(await enrolments.retry(ids.enrolment)).toEqual(fail('enrolment.not_found'));
    await data.putEnrolment(enrolmentRow({ state: 'submitted' }));
    expect(await enrolments.abandon(ids.enrolment)).toEqual(
      fail('enrolment.wrong_state', { state: 'submitted' }),
    );
    await data.putEnrolment(enrolmentRow({ state: 'refused' }));
    expect(await enrolments.retry(ids.enrolment)).toEqual(ok(null));
    expect(data.enrolments$.value[0]?.state).toBe('captured');
    expect(data.enrolments$.value[0]?.operationId).not.toBe(ids.operation);
  });
});

describe('provisioning by itself', () => {
  test('as soon as it is registered, its key is here and its lock is near', async () => {
    const { driver, clock, data, startAuto, provisions } = bench();
    const keys = data.keys$.value;
    data.keys$.next(new Map());
    const auto = startAuto();
    await data.putEnrolment(enrolmentRow({ state: 'submitted' }));
    driver.hear(serial, { provisioned: false });
    await clock.advance(500);
    await data.putEnrolment(enrolmentRow());
    await clock.advance(500);
    expect(provisions()).toBe(0);
    data.keys$.next(keys);
    await clock.advance(500);
    expect(data.enrolments$.value[0]?.state).toBe('provisioned');
    expect(data.events).toMatchObject([{ kind: 'lock_provisioned', staffId: null, serialNumber: serial }]);
    await auto.dispose();
  });

  test('a lost answer is made good by asking again, also for a lock that says it is provisioned', async () => {
    const { driver, clock, data, startAuto, provisions } = bench();
    driver.onProvision = (serialNumber) => {
      driver.onProvision = () =>
        Promise.resolve(ok({ provisioned: true, boltOpen: false, tamper: false, battery: 9 }));
      return Promise.resolve(fail('lock.outcome_unknown', { serialNumber }));
    };
    await data.putEnrolment(enrolmentRow());
    driver.hear(serial);
    const auto = startAuto();
    await clock.advance(500);
    expect(data.enrolments$.value[0]?.state).toBe('provisioned');
    expect(provisions()).toBe(2);
    await auto.dispose();
  });

  test('a lock that does not work is left alone after eight tries, until it is brought back', async () => {
    const { driver, clock, data, startAuto, provisions } = bench();
    driver.onProvision = (serialNumber) => Promise.resolve(fail('lock.link_lost', { serialNumber }));
    await data.putEnrolment(enrolmentRow());
    const auto = startAuto();
    const hearFor = async (seconds: number): Promise<void> => {
      for (let second = 0; second < seconds; second += 1) {
        driver.hear(serial, { provisioned: false });
        await clock.advance(1_000);
      }
    };
    await hearFor(1_200);
    expect(provisions()).toBe(8);
    await clock.advance(10_000);
    // Less than the shortest pause after a first failure.
    await hearFor(2);
    expect(provisions()).toBe(9);
    await auto.dispose();
  });

  test('what the kiosk may not do yet counts as no try: it goes on at once when it may', async () => {
    const { driver, clock, data, startAuto, provisions } = bench();
    const trust = data.trust$.value;
    data.trust$.next([]);
    await data.putEnrolment(enrolmentRow());
    const auto = startAuto();
    for (let second = 0; second < 3_600; second += 1) {
      driver.hear(serial, { provisioned: false });
      await clock.advance(1_000);
    }
    expect(provisions()).toBe(0);
    data.trust$.next(trust);
    await clock.advance(500);
    expect(data.enrolments$.value[0]?.state).toBe('provisioned');
    await auto.dispose();
  });

  test.each([
    ['provisioned', ok(null)],
    ['conflicted', fail('enrolment.wrong_state', { state: 'conflicted' })],
  ] as const)('what the backend says while the lock is talked to stands: %s', async (state, outcome) => {
    const { driver, data, provisioner } = bench();
    await data.putEnrolment(enrolmentRow());
    driver.onProvision = async () => {
      await data.putEnrolment(enrolmentRow({ state }));
      return ok({ provisioned: true, boltOpen: false, tamper: false, battery: 9 });
    };
    driver.hear(serial, { provisioned: false });
    expect(await provisioner.provision(ids.enrolment, ids.ann, staySignal)).toEqual(outcome);
    expect(data.enrolments$.value[0]?.state).toBe(state);
    expect(data.events).toEqual([]);
  });

  test('makes way for a person, and goes on afterwards', async () => {
    const { driver, clock, data, startAuto, operations } = bench();
    driver.onProvision = untilStopped;
    await data.putEnrolment(enrolmentRow());
    driver.hear(serial);
    const auto = startAuto();
    await clock.advance(200);
    expect(await operations.ask(serial, staySignal)).toMatchObject({ ok: true });
    driver.onProvision = () =>
      Promise.resolve(ok({ provisioned: true, boltOpen: false, tamper: false, battery: 9 }));
    driver.hear(serial);
    await clock.advance(2_000);
    expect(data.enrolments$.value[0]?.state).toBe('provisioned');
    await auto.dispose();
  });

  test('a person who asks is told why it does not go', async () => {
    const { driver, data, provisioner, clock } = bench();
    await data.putEnrolment(enrolmentRow());
    const absent = provisioner.provision(ids.enrolment, ids.ann, staySignal);
    await clock.advance(2_000);
    expect(await absent).toMatchObject({ error: { code: 'lock.not_near' } });
    driver.hear(serial);
    data.trust$.next([]);
    expect(await provisioner.provision(ids.enrolment, ids.ann, staySignal)).toEqual(
      fail('vault.no_intermediate'),
    );
    await data.putEnrolment(enrolmentRow({ state: 'captured' }));
    expect(await provisioner.provision(ids.enrolment, ids.ann, staySignal)).toEqual(
      fail('enrolment.wrong_state', { state: 'captured' }),
    );
  });
});
