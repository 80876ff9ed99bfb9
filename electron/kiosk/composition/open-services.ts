/** What people ask of the kiosk: who they are, which locks there are, opening, enrolling, releasing. */
import { join } from 'node:path';
import { map, type Observable } from 'rxjs';
import { meetIdentity } from '../data/meet-identity.ts';
import { createAutoProvisioner } from '../enrolment/auto-provisioner.ts';
import { createEnrolmentService, type EnrolmentService } from '../enrolment/enrolment-service.ts';
import { createProvisioner, type Provisioner } from '../enrolment/provisioner.ts';
import { createLastWords, type LastWords } from '../last-words.ts';
import { createLifeCycle, type LifeCycle } from '../life-cycle.ts';
import { watchConcerns } from '../locks/concern-watch.ts';
import { createLockNames, type LockNames } from '../locks/lock-names.ts';
import { createLockServices, type LockServices } from '../locks/lock-services.ts';
import { createStaffService, type StaffService } from '../staff/staff-service.ts';
import { createRegistration } from '../vault/registration.ts';
import { createCredentials } from '../visit/credentials.ts';
import { createLastOperation } from '../visit/last-operation.ts';
import { createLockDirectory } from '../visit/lock-directory.ts';
import { createNearby, type Nearby } from '../visit/nearby.ts';
import { createOperationSlot } from '../visit/operation-slot.ts';
import { createPermissionWatch, type Permission, type PermissionWatch } from '../visit/permission.ts';
import { storeLocks, type StoreLocks } from '../visit/store-locks.ts';
import { createVisits } from '../visit/visit.ts';
import type { Bookkeeping } from './open-bookkeeping.ts';
import type { Ground } from './open-ground.ts';
import type { Outside } from './open-outside.ts';
import type { Begun, KioskPorts } from './ports.ts';

export interface Services {
  readonly lifeCycle: LifeCycle;
  readonly lastWords: LastWords;
  readonly staff: StaffService;
  readonly nearby: Nearby;
  readonly permissions: PermissionWatch;
  readonly storeLocks$: Observable<StoreLocks>;
  readonly locks: LockServices;
  readonly names: LockNames;
  readonly enrolments: EnrolmentService;
  readonly provisioner: Provisioner;
}

export const openServices = async (
  ports: KioskPorts,
  { data, time, clock, vault }: Ground,
  { backend, replication, driver }: Outside,
  { journal, concerns, intents }: Bookkeeping,
  begun: Begun,
): Promise<Services> => {
  const { config, random, logger } = ports;
  const staff = await createStaffService({
    staff$: data.staff$,
    store$: data.store$,
    notes: data,
    journal,
    clock,
    logger,
  });
  begun.onStop('staff', () => staff.dispose());
  const registration = createRegistration({ vault, backend, logger });
  const slot = createOperationSlot();
  const lastOperation = createLastOperation(slot, ports.clock);
  const lastWords = createLastWords({
    path: join(config.dataDir, 'last-words.sealed'),
    undelivered: async ({ kioskId, journalLost, otherHistory }) => {
      await journal.catchUp();
      // Read, not noted first: a disk that takes nothing changes nothing about what is sealed.
      const events = await (journalLost
        ? data.accessEventsAfter(0)
        : data.replica.unacknowledgedEvents(Infinity));
      // It may have been heard of before, and what came of that not be through.
      const isLost = otherHistory === true || data.replica.isTakenAnew('enrolments');
      return {
        events: [...events, ...(await journal.unstored())],
        enrolments: await data.replica.enrolmentsLeftBehind(kioskId, isLost),
      };
    },
    sign: (type, content) => vault.signStatement(type, content),
    backendKey: () => vault.identity?.backendKey ?? null,
    ...{ backend, clock: ports.clock, random, logger },
  });
  begun.onStop('last words', () => lastWords.dispose());
  const lifeCycle = createLifeCycle({
    vault,
    data,
    registration,
    replication,
    lastWords,
    onRevoked: async () => {
      locks.stopAny();
      await staff.signOut();
      await lastOperation.ended();
    },
    onErase: async () => {
      lastOperation.over();
      await concerns.forgetAll();
      names.forgetAll();
      await journal.forget();
    },
    onRegistered: ({ storeId }) => meetIdentity(data, storeId),
    clock,
    random,
    logger,
  });
  begun.onStop('life cycle', () => lifeCycle.dispose());
  const nearby = createNearby({ sightings$: driver.sightings$, clock });
  begun.disposable('nearby', nearby);
  const permissions = createPermissionWatch({
    radio$: driver.radioState$,
    vault$: lifeCycle.vault$,
    store$: data.store$,
    trust$: data.trust$,
    owner$: lifeCycle.identity$.pipe(map((identity) => identity?.owner ?? null)),
    lastContactAt$: time.lastContactAt$,
    clock,
  });
  begun.disposable('permission', permissions);
  const permission = (): Permission => permissions.now();
  const names = createLockNames({
    storeLocks$: storeLocks(data),
    unsent: () => data.replica.unacknowledgedEvents(Infinity),
    journal,
    logger,
  });
  begun.disposable('names', names);
  const { storeLocks$ } = names;
  const { keySerials$, enrolments$ } = data;
  const directory = createLockDirectory({ storeLocks$, keySerials$, nearby, permission });
  begun.disposable('directory', directory);
  const credentials = createCredentials({ vault, data, permission });
  const visits = createVisits({ slot, nearby, directory, credentials });
  const locks = createLockServices({
    ...{ driver, directory, nearby, visits, slot, intents, journal, concerns, clock, random, logger },
  });
  begun.onStop('lock services', () => locks.dispose());
  begun.disposable('concerns', watchConcerns({ concerns, storeLocks$, nearby$: nearby.nearby$ }));
  const enrolments = createEnrolmentService({
    ...{ driver, data, visits, journal, clock, random },
    kioskId: () => vault.identity?.kioskId ?? null,
  });
  begun.disposable('enrolments', enrolments);
  const provisioner = createProvisioner({
    ...{ driver, data, nearby, visits, journal, clock, random },
  });
  const autoProvisioner = createAutoProvisioner({
    ...{ enrolments$, nearby$: nearby.nearby$, keySerials$, permission$: permissions.permission$ },
    ...{ provisioner, slot, clock, random, logger },
  });
  begun.onStop('auto provisioner', () => autoProvisioner.dispose());
  return {
    ...{ lifeCycle, lastWords, staff, nearby, permissions, storeLocks$, locks, names },
    ...{ enrolments, provisioner },
  };
};
