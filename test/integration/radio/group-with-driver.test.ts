/**
 * A group of locks opened as the kiosk opens it: its own services and the open driver, over real noble and real bleno. Two
 * locks die, one before it is connected to and one while it proves who it is; each costs its own deadline, every other opens.
 */
import { filter, firstValueFrom, timeout } from 'rxjs';
import { expect, it as base } from 'vitest';
import { ok } from '#shared/errors/app-error.ts';
import { createOpenDriver } from '#kiosk/link/kiosk/open-driver.ts';
import type { LockCredentials } from '#kiosk/link/lock-driver.ts';
import { createLockServices } from '#kiosk/locks/lock-services.ts';
import type { Credentials } from '#kiosk/visit/credentials.ts';
import type { LockDirectory } from '#kiosk/visit/lock-directory.ts';
import { createNearby } from '#kiosk/visit/nearby.ts';
import { createOperationSlot } from '#kiosk/visit/operation-slot.ts';
import type { KioskReadiness } from '#kiosk/visit/kiosk-readiness.ts';
import type { StoreLock } from '#kiosk/visit/store-locks.ts';
import { createVisits } from '#kiosk/visit/visit.ts';
import { silentLogger } from '#shared/flow/logger.ts';
import { seededRandom } from '#kiosk/platform/seeded-random.ts';
import { systemRandom } from '#kiosk/platform/random.ts';
import { hciBindingsOf } from '#kiosk/radio/noble-types.ts';
import { createLockRadio, type LockRadio } from '#simulators/air/lock-radio.ts';
import { withFault } from '#simulators/lock/faults.ts';
import { volatileMemory } from '#simulators/lock/lock-state.ts';
import { createSimulatedLock, type SimulatedLock } from '#simulators/lock/simulated-lock.ts';
import { ChangeableClock } from '#support/changeable-clock.ts';
import { makeVendor } from '#support/lock-bench.ts';
import { quietConcerns } from '#support/quiet-concerns.ts';
import { createRadioRig } from '#support/radio-rig.ts';
import type { GroupRun } from '#shared/ipc/views.ts';

const patienceMs = 100_000;
/** Ten seconds of a lock's own are forty of the machine's, while locks that live are opened. */
const slowly = 0.25;
const quickly = 5;
const dayMs = 86_400_000;

const serials = Array.from({ length: 8 }, (_, index) => `0000051a0000000${index + 1}`);
/** In the middle of the list: there are locks before and after each of them. */
const [neverReached, diesTalking] = ['0000051a00000003', '0000051a00000005'];
const living = serials.filter((serialNumber) => ![neverReached, diesTalking].includes(serialNumber));
const staffId = '0198a7b2-0000-7000-8000-000000000001';

const readiness: KioskReadiness = {
  radio: 'ready',
  vault: 'ready',
  store: null,
  intermediate: { kind: 'missing' },
  obstacle: null,
  lastContactAt: null,
  leaseUntil: null,
  opensOfflineUntil: null,
};

interface Standing {
  readonly lock: SimulatedLock;
  readonly radio: LockRadio;
  readonly credentials: LockCredentials;
}

const endOf = (run: GroupRun, serialNumber: string): string | null => {
  const end = run.locks.find((lock) => lock.serialNumber === serialNumber)?.end;
  return end?.kind === 'not_open' ? end.error.code : (end?.kind ?? null);
};

const it = base
  .extend('vendor', async ({}, { onCleanup }) => {
    const { vendor, dispose } = await makeVendor();
    onCleanup(dispose);
    return vendor;
  })
  .extend('rig', ({}, { onCleanup }) => {
    const rig = createRadioRig(0);
    onCleanup(() => rig.dispose());
    return rig;
  })
  .extend('clock', () => new ChangeableClock(slowly))
  /** What was recorded of each lock. */
  .extend('recorded', (): Map<string, string[]> => new Map())
  .extend('talking', () => ({ isDeadly: true }))
  .extend('store', async ({ vendor, rig, clock, talking }, { onCleanup }) => {
    const store = new Map<string, Standing>();
    onCleanup(() => {
      for (const { lock, radio } of store.values()) {
        radio.dispose();
        lock.dispose();
      }
    });
    const customer = await vendor.addCustomer('acme');
    const intermediate = await customer.issueIntermediate({
      notBefore: clock.now() - dayMs,
      notAfter: clock.now() + dayMs,
      epoch: 1,
    });
    for (const serialNumber of serials) {
      const identity = await vendor.manufactureLock(serialNumber, 'CAM');
      const lock = createSimulatedLock({ identity, clock, random: systemRandom, memory: volatileMemory() });
      lock.provisionAtFactory(customer.publicKey);
      const secret = vendor.openEnrolmentCode(lock.enrolmentCode());
      const key = await customer.issueKey({ ...secret, notBefore: clock.now() - dayMs });
      const dying = withFault(lock, () => ({
        toLock: (frame, _index, deliver) => {
          if (serialNumber === diesTalking && talking.isDeadly) rig.air.vanish(lock.address);
          deliver(frame);
        },
      }));
      const radio = createLockRadio(rig.air, dying, 2);
      const credentials = { ...key, intermediate, deviceCertificate: lock.deviceCertificate };
      store.set(serialNumber, { lock, radio, credentials });
    }
    return store;
  })
  .extend('driver', ({ vendor, rig, clock }, { onCleanup }) => {
    const driver = createOpenDriver({
      radio: rig.radio(),
      clock,
      random: systemRandom,
      logger: silentLogger,
      vendorRoot: () => vendor.root,
    });
    onCleanup(() => driver.dispose());
    return driver;
  })
  .extend('nearby', ({ clock, driver }, { onCleanup }) => {
    const nearby = createNearby({ sightings$: driver.sightings$, clock });
    onCleanup(() => nearby.dispose());
    return nearby;
  })
  .extend(
    'standing',
    ({ store }) =>
      (serialNumber: string): Standing =>
        store.get(serialNumber) ?? expect.unreachable(`no lock ${serialNumber}`),
  )
  .extend('services', ({ clock, recorded, driver, nearby, standing }, { onCleanup }) => {
    const storeLock = (serialNumber: string): StoreLock => ({
      serialNumber,
      name: serialNumber,
      group: 'all',
      deviceCertificate: '',
      release: null,
    });
    const directory: LockDirectory = {
      lock: storeLock,
      inPlace: () => null,
      readiness: () => readiness,
      situation: (serialNumber) => ({
        serialNumber,
        readiness,
        storeLock: storeLock(serialNumber),
        hasKey: true,
        nearby: nearby.get(serialNumber),
      }),
      dispose: () => undefined,
    };
    const slot = createOperationSlot();
    const credentials: Credentials = {
      lend: (serialNumber, _certificate, use) => use(standing(serialNumber).credentials),
    };
    const services = createLockServices({
      driver,
      directory,
      nearby,
      clock,
      waits: { of: () => null, end: () => undefined },
      slot,
      random: seededRandom(1),
      logger: silentLogger,
      visits: createVisits({ slot, nearby, directory, credentials }),
      judge: { obstacle: () => null, holdOpenSeconds: () => null, isSet: () => false },
      intents: {
        begin: () => Promise.resolve(ok(null)),
        end: () => Promise.resolve(),
        recover: () => Promise.resolve(),
      },
      concerns: quietConcerns,
      journal: {
        record: ({ kind, serialNumber }) => {
          const lock = serialNumber ?? '';
          recorded.set(lock, [...(recorded.get(lock) ?? []), kind]);
          return Promise.resolve(ok(null));
        },
      },
    });
    onCleanup(() => services.dispose());
    return services;
  })
  .extend(
    'untilRun',
    ({ services }) =>
      (holds: (run: GroupRun) => boolean): Promise<GroupRun> =>
        firstValueFrom(
          services.group.run$.pipe(
            filter((run) => run !== null),
            filter(holds),
            timeout(patienceMs),
          ),
        ),
  )
  .extend(
    'openLinks',
    ({ rig }) =>
      () =>
        Object.keys(hciBindingsOf(rig.lastNoble())?._gatts ?? {}).length,
  );

it(
  'every lock that lives opens, each dead one has its own end, and no link is left',
  async ({ rig, clock, recorded, talking, driver, nearby, services, standing, untilRun, openLinks }) => {
    await firstValueFrom(
      nearby.nearby$.pipe(
        filter((heard) => heard.size === serials.length),
        timeout(patienceMs),
      ),
    );
    rig.air.vanish(standing(neverReached).lock.address);
    const running = services.group.unlock(serials, staffId, new AbortController().signal);

    const opened = await untilRun((run) => living.every((serialNumber) => endOf(run, serialNumber) !== null));
    expect(living.map((serialNumber) => endOf(opened, serialNumber))).toEqual(living.map(() => 'open'));
    // Nobody has waited for the dead: their ten seconds are not over.
    expect([neverReached, diesTalking].map((serialNumber) => endOf(opened, serialNumber))).toEqual([
      null,
      null,
    ]);

    clock.run(quickly);
    const run = await untilRun(({ over }) => over);
    expect(await running).toMatchObject({ ok: true });
    const deadEnds = ['lock.not_near', 'lock.connect_timeout', 'lock.answer_timeout', 'lock.link_lost'];
    for (const dead of [neverReached, diesTalking]) expect(deadEnds).toContain(endOf(run, dead));
    expect(Object.fromEntries(recorded)).toEqual(
      Object.fromEntries(
        serials.map((serialNumber) => [
          serialNumber,
          [living.includes(serialNumber) ? 'unlocked' : 'not_unlocked'],
        ]),
      ),
    );

    clock.run(slowly);
    await untilRun(({ locks }) =>
      locks.every(({ serialNumber, bolt }) => bolt === (living.includes(serialNumber) ? 'locked' : null)),
    );
    await expect.poll(openLinks, { timeout: patienceMs }).toBe(0);

    talking.isDeadly = false;
    for (const dead of [neverReached, diesTalking]) {
      rig.air.appear(standing(dead).lock.address);
      await nearby.waitFor(dead, patienceMs);
      const command = { holdOpenSeconds: 5, actorHash: new Uint8Array(32) };
      const limits = { deadlineMs: 10_000 };
      expect(await driver.unlock(dead, standing(dead).credentials, command, limits)).toMatchObject({
        ok: true,
      });
    }
    await expect.poll(openLinks, { timeout: patienceMs }).toBe(0);
  },
  4 * patienceMs,
);
