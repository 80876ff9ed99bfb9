/**
 * The kiosk's one composition root. Everything is made here, in the order in which it depends on each other, and taken
 * down in reverse, each part within a bound.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { map } from 'rxjs';
import type { TrustDocument } from '#shared/models/documents.ts';
import type { EnrolmentDocument } from '#shared/models/enrolment.ts';
import { createKioskData } from './data/kiosk-data.ts';
import { meetIdentity } from './data/meet-identity.ts';
import { createSync } from './data/sync/create-sync.ts';
import { createAutoProvisioner } from './enrolment/auto-provisioner.ts';
import { createEnrolmentService } from './enrolment/enrolment-service.ts';
import { createProvisioner } from './enrolment/provisioner.ts';
import type { KioskApi } from './ipc/api.ts';
import { createClockCorrections } from './journal/clock-corrections.ts';
import { createJournal } from './journal/journal.ts';
import { kioskCalls } from './kiosk-calls.ts';
import { createLifeCycle } from './life-cycle.ts';
import type { LockDriver } from './link/lock-driver.ts';
import { createCredentials } from './locks/credentials.ts';
import { createLockDirectory } from './locks/lock-directory.ts';
import { createLockServices } from './locks/lock-services.ts';
import { createNearby } from './locks/nearby.ts';
import { createOperationSlot } from './locks/operation-slot.ts';
import { createPermissionWatch, type Permission } from './locks/permission.ts';
import { storeLocks } from './locks/store-locks.ts';
import { createUnlockIntents } from './locks/unlock-intents.ts';
import type { Clock } from './platform/clock.ts';
import type { KioskConfig } from './platform/config.ts';
import { onDisk } from './platform/disk-failure.ts';
import type { Fetch } from './platform/http.ts';
import { createLatest } from './platform/latest.ts';
import type { Logger } from './platform/logger.ts';
import type { Random } from './platform/random.ts';
import { stopWithin, type StopStep } from './platform/stop-within.ts';
import { openDriverOnRadio } from './open-driver-on-radio.ts';
import type { RadioProcess } from './radio/radio-client.ts';
import { createReplication } from './replication.ts';
import { createStaffService } from './staff/staff-service.ts';
import { chooseRevocationList } from './vault/lease.ts';
import type { SecretStore } from './vault/port.ts';
import { createKeyRotation } from './vault/key-rotation.ts';
import { createRegistration } from './vault/registration.ts';
import { createTrustedTime } from './vault/trusted-time.ts';
import { createVault } from './vault/vault.ts';
import { createKioskStreams } from './views/kiosk-streams.ts';

export interface KioskPorts {
  readonly config: KioskConfig;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly fetch: Fetch;
  /** null where this machine has nowhere to keep a secret. */
  readonly secretStore: SecretStore | null;
  readonly spawnRadio: () => RadioProcess;
  /** In place of the open driver on the kiosk's radio; disposed with the kiosk. */
  readonly driver?: LockDriver;
}

export interface Kiosk {
  readonly api: KioskApi;
  /** Stops everything, each part within a bound. Never rejects. */
  dispose(): Promise<void>;
}

const stopEachWithinMs = 3_000;

/** Rejects with an `AppFailure` (`storage.*`) where the data cannot be opened; what was begun until then is stopped. */
export const composeKiosk = async (ports: KioskPorts): Promise<Kiosk> => {
  const running: StopStep[] = [];
  const stop = (): Promise<void> =>
    stopWithin(running.splice(0).reverse(), stopEachWithinMs, { clock: ports.clock, logger: ports.logger });
  try {
    return { api: await assemble(ports, (name, part) => running.push({ name, stop: part })), dispose: stop };
  } catch (error) {
    await stop();
    throw error;
  }
};

const assemble = async (
  ports: KioskPorts,
  onStop: (name: string, stop: () => Promise<void>) => void,
): Promise<KioskApi> => {
  const { config, random, logger, fetch, secretStore } = ports;
  const { backendUrl, dataDir, kioskName } = config;
  const now = (name: string, part: { dispose(): void }): void =>
    onStop(name, () => {
      part.dispose();
      return Promise.resolve();
    });

  // What the kiosk knows: its data, the time, itself.
  await onDisk(() => mkdir(dataDir, { recursive: true, mode: 0o700 }));
  // Unwrapping keys can take a third of a second of waiting: it runs while the database opens.
  let trustedNow = (): number => ports.clock.now();
  const opening = createVault({
    dir: join(dataDir, 'vault'),
    secretStore,
    clock: {
      now: () => trustedNow(),
      monotonic: () => ports.clock.monotonic(),
      after: (ms, task) => ports.clock.after(ms, task),
    },
    random,
    logger,
  });
  opening.catch(() => undefined);
  const data = await createKioskData({ path: join(dataDir, 'kiosk.db'), clock: ports.clock, random, logger });
  onStop('data', () => data.dispose());
  const time = await createTrustedTime({ clock: ports.clock, notes: data, logger });
  onStop('trusted time', () => time.dispose());
  const { clock } = time;
  trustedNow = () => clock.now();
  const vault = await opening;

  // Those it speaks to: the backend and the locks.
  const replication = createReplication(() =>
    createSync({
      data,
      fetch,
      backendUrl,
      auth: () =>
        vault.identity && vault.state === 'ready'
          ? {
              kioskId: vault.identity.kioskId,
              backendKey: vault.identity.backendKey,
              clientAssertion: () => vault.clientAssertion(),
              rotationWanted: () => rotation.wanted(),
            }
          : null,
      // Replication measures the machine's own clock, so it gets that one.
      clock: ports.clock,
      timeChecked: () => corrections.settled(),
      random,
      logger,
    }),
  );
  onStop('replication', () => replication.dispose());
  const keySerials = createLatest<ReadonlySet<string>>(data.keySerials$, new Set());
  const rotation = createKeyRotation({
    ...{ vault, fetch, backendUrl, clock: ports.clock, random, logger },
    keys: {
      serials: () => keySerials.value,
      sealed: async (serialNumber) => (await data.keyCertificate(serialNumber))?.sealed ?? null,
      pullAnew: () => data.replica.setCursor('keyCertificates', 0),
    },
    resync: (signal) => replication.resync(signal),
  });
  now('key serials', keySerials);
  onStop('key rotation', () => rotation.dispose());
  const trust = createLatest<readonly TrustDocument[]>(data.trust$, []);
  now('trust', trust);
  const driver =
    ports.driver ??
    openDriverOnRadio(
      { ...ports, clock, machineClock: ports.clock, onStop },
      {
        vendorRoot: () => vault.identity?.vendorRoot ?? null,
        timeToken: (challenge) => replication.timeToken(challenge),
        revocationList: () => chooseRevocationList(trust.value, vault.identity?.owner ?? null),
      },
    );
  onStop('driver', () => driver.dispose());

  // Its services.
  const journal = createJournal({
    data,
    kioskId: () => vault.identity?.kioskId ?? null,
    offline: () => replication.state.connection !== 'online',
    clock,
    machineClock: ports.clock,
    random,
    logger,
  });
  onStop('journal', () => journal.dispose());
  await journal.recover();
  const queued = createLatest<readonly EnrolmentDocument[]>(data.enrolments$, []);
  now('queued', queued);
  const corrections = createClockCorrections({
    data,
    enrolments: () => queued.value,
    journal,
    clock,
    logger,
  });
  onStop('clock corrections', () => corrections.settled());
  const contacts = replication.state$.subscribe((state) => {
    const setByMs = time.contact(state);
    if (setByMs !== null) corrections.checked(setByMs);
  });
  now('contacts', { dispose: () => contacts.unsubscribe() });
  const intents = createUnlockIntents({ notes: data, data, journal, replication, logger });
  await intents.recover();
  const staff = await createStaffService({
    staff$: data.staff$,
    store$: data.store$,
    notes: data,
    journal,
    clock,
    logger,
  });
  onStop('staff', () => staff.dispose());
  const registration = createRegistration({ vault, fetch, backendUrl, logger });
  const lifeCycle = createLifeCycle({
    vault,
    data,
    registration,
    replication,
    onRevoked: () => staff.signOut(),
    onRegistered: ({ storeId }) => meetIdentity(data, storeId),
    clock,
    random,
    logger,
  });
  onStop('life cycle', () => lifeCycle.dispose());
  const nearby = createNearby({ sightings$: driver.sightings$, clock });
  now('nearby', nearby);
  const permissions = createPermissionWatch({
    radio$: driver.radioState$,
    vault$: lifeCycle.vault$,
    store$: data.store$,
    trust$: data.trust$,
    owner$: lifeCycle.identity$.pipe(map((identity) => identity?.owner ?? null)),
    lastContactAt$: time.lastContactAt$,
    clock,
  });
  now('permission', permissions);
  const permission = (): Permission => permissions.now();
  const storeLocks$ = storeLocks(data);
  const { keySerials$, enrolments$ } = data;
  const directory = createLockDirectory({ storeLocks$, keySerials$, nearby, permission });
  now('directory', directory);
  const credentials = createCredentials({ vault, data, permission });
  const slot = createOperationSlot();
  const lockServices = createLockServices({
    ...{ driver, directory, nearby, credentials, slot, intents, journal, clock, random, logger },
  });
  onStop('lock services', () => lockServices.dispose());
  const enrolments = createEnrolmentService({
    ...{ driver, data, nearby, slot, journal, permission, clock, random },
    kioskId: () => vault.identity?.kioskId ?? null,
  });
  now('enrolments', enrolments);
  const provisioner = createProvisioner({
    ...{ driver, data, nearby, credentials, slot, journal, permission, clock, random },
  });
  const autoProvisioner = createAutoProvisioner({
    ...{ enrolments$, nearby$: nearby.nearby$, keySerials$, permission$: permissions.permission$ },
    ...{ provisioner, slot, clock, random, logger },
  });
  onStop('auto provisioner', () => autoProvisioner.dispose());

  // Begins before anything is shown, so that the first snapshot is already true.
  await lifeCycle.start({ code: config.registrationCode, name: kioskName });
  rotation.resume();

  // What the page sees.
  const views = createKioskStreams({
    phase$: lifeCycle.phase$,
    identity$: lifeCycle.identity$,
    notice$: lifeCycle.notice$,
    store$: data.store$,
    staff$: data.staff$,
    session$: staff.session$,
    lockedUntil$: staff.lockedUntil$,
    storeLocks$,
    nearby$: nearby.nearby$,
    keySerials$,
    enrolments$,
    attempt$: lockServices.unlocks.attempt$,
    run$: lockServices.group.run$,
    unlockMs: () => lockServices.stageMedians(),
    permission$: permissions.permission$,
    sync$: replication.state$,
    rolledBack: () => time.rolledBack(),
    clock,
    kioskName,
  });
  now('views', views);
  return {
    calls: kioskCalls({
      lifeCycle,
      staff,
      ...lockServices,
      enrolments,
      provisioner,
      replication,
    }),
    streams: views.streams,
  };
};
