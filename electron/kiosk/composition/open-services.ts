/** What people ask of the kiosk: who they are, which locks there are, opening, enrolling, releasing. */
import { join } from 'node:path';
import { map, type Observable } from 'rxjs';
import { createAlarmWatches } from '../alarms/alarm-watches.ts';
import { openActivity, type ActivityServices } from './open-activity.ts';
import { openJobs, type Jobs } from './open-jobs.ts';
import { meetIdentity } from '../data/meet-identity.ts';
import { createAutoProvisioner } from '../enrolment/auto-provisioner.ts';
import { createEnrolmentService, type EnrolmentService } from '../enrolment/enrolment-service.ts';
import { createProvisioner, type Provisioner } from '../enrolment/provisioner.ts';
import { createLatest } from '../platform/latest.ts';
import type { StoreDocument } from '#shared/models/documents.ts';
import { createLastWords, type LastWords } from '../last-words.ts';
import { createCustomerWaiting, type CustomerWaiting } from '../jobs/customer-waiting.ts';
import { createLifeCycle, type LifeCycle } from '../life-cycle.ts';
import { createLockExport, type LockExport } from '../lists/lock-export.ts';
import { watchConcerns } from '../locks/concern-watch.ts';
import { createLastHeard, type LastHeard } from '../locks/last-heard.ts';
import { createLockNames, type LockNames } from '../locks/lock-names.ts';
import { createLockReplacing, type LockReplacing } from '../locks/lock-replacing.ts';
import { createLockServices, type LockServices } from '../locks/lock-services.ts';
import { createOpeningDelays, type OpeningDelays } from '../locks/opening-delays.ts';
import { createOpeningDesk, type OpeningDesk } from '../locks/opening-desk.ts';
import { createStaffBadges, type StaffBadges } from '../staff/badges.ts';
import { createBadgesNotTaken, type BadgesNotTaken } from '../staff/badges-not-taken.ts';
import { createLeaving, type Leaving } from '../staff/leaving.ts';
import { createJudge, type Judge } from '../staff/judge.ts';
import { createWaits, type Waits } from '../staff/waits.ts';
import { createStaffService, type StaffService } from '../staff/staff-service.ts';
import { createRegistration } from '../vault/registration.ts';
import { createCredentials } from '../visit/credentials.ts';
import { createLastOperation } from '../visit/last-operation.ts';
import { createLockDirectory, type LockDirectory } from '../visit/lock-directory.ts';
import { createNearby, type Nearby } from '../visit/nearby.ts';
import { createOperationSlot, type OperationSlot } from '../visit/operation-slot.ts';
import { createReadinessWatch, type KioskReadiness, type ReadinessWatch } from '../visit/kiosk-readiness.ts';
import { storeLocks, type StoreLocks } from '../visit/store-locks.ts';
import { createVisits } from '../visit/visit.ts';
import type { Bookkeeping } from './open-bookkeeping.ts';

export interface Services extends Bookkeeping, ActivityServices, Jobs {
  readonly lifeCycle: LifeCycle;
  readonly lastWords: LastWords;
  readonly staff: StaffService;
  readonly badges: StaffBadges;
  readonly notTaken: BadgesNotTaken;
  readonly leaving: Leaving;
  readonly judge: Judge;
  readonly waits: Waits;
  readonly directory: LockDirectory;
  readonly desk: OpeningDesk;
  readonly delays: OpeningDelays;
  readonly nearby: Nearby;
  readonly readinessWatch: ReadinessWatch;
  readonly storeLocks$: Observable<StoreLocks>;
  readonly locks: LockServices;
  readonly names: LockNames;
  readonly replacing: LockReplacing;
  readonly lastHeard: LastHeard;
  readonly lockExport: LockExport;
  readonly customers: CustomerWaiting;
  readonly enrolments: EnrolmentService;
  readonly provisioner: Provisioner;
  readonly slot: OperationSlot;
}

/** So many of the journal's newest events are looked through at the start for a customer who waits, and a round that was signed. */
const newestEvents = 300;

export const openServices = async (bookkeeping: Bookkeeping): Promise<Services> => {
  const { ports, ending, data, time, clock, vault, notice, hiddenNotice } = bookkeeping;
  const { backend, replication, driver, journal, concerns, alarms, intents } = bookkeeping;
  const { config, random, logger } = ports;
  const waits = ending.adopt('waits', createWaits(clock));
  const judge = createJudge({ staff$: data.staff$, store$: data.store$, waits, clock });
  ending.adopt('judge', judge);
  const storeNow = createLatest<StoreDocument | null>(data.store$, null);
  ending.adopt('store of badges', storeNow);
  const badges = createStaffBadges({
    staff$: data.staff$,
    mac: async (text) => {
      const key = storeNow.value?.badgeKey;
      const mac = key === undefined ? null : await vault.mac(key, text);
      return mac?.ok === true ? mac.value : null;
    },
    data,
    journal,
    clock,
    logger,
  });
  ending.adopt('badges', badges);
  const notTaken = await createBadgesNotTaken({
    ...{ done$: badges.done$, staff$: data.staff$, notes: data, clock, logger },
  });
  ending.adopt('badges not taken', notTaken);
  const staff = await createStaffService({
    ...{ staff$: data.staff$, store$: data.store$, notes: data },
    ...{ badges, journal, judge, clock, logger },
  });
  ending.adopt('staff', staff);
  const leaving = createLeaving({ staff, judge, journal, clock, end: ports.leave ?? null });
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
    backend,
    clock: ports.clock,
    random,
    logger,
  });
  ending.adopt('last words', lastWords);
  const lifeCycle = createLifeCycle({
    vault,
    ...{ data, notice, hiddenNotice },
    registration,
    replication,
    lastWords,
    clock,
    random,
    logger,
  });
  ending.adopt('life cycle', lifeCycle);
  const nearby = ending.adopt('nearby', createNearby({ sightings$: driver.sightings$, clock }));
  const readinessWatch = createReadinessWatch({
    radio$: driver.radioState$,
    vault$: lifeCycle.vault$,
    store$: data.store$,
    trust$: data.trust$,
    owner$: lifeCycle.identity$.pipe(map((identity) => identity?.owner ?? null)),
    lastContactAt$: time.lastContactAt$,
    clock,
  });
  ending.adopt('readiness', readinessWatch);
  const readiness = (): KioskReadiness => readinessWatch.now();
  const names = createLockNames({
    storeLocks$: storeLocks(data),
    data,
    judge,
    journal,
    clock,
    logger,
  });
  ending.adopt('names', names);
  const { storeLocks$ } = names;
  const { sightings$ } = driver;
  const lastHeard = await createLastHeard({ sightings$, storeLocks$, notes: data, clock, logger });
  ending.adopt('last heard', lastHeard);
  const before = await data.accessEventsAfter(Math.max(0, data.journalSequence - newestEvents));
  const { jobs, forgetAll: forgetJobs } = await openJobs({
    ...{ bookkeeping, storeLocks$, nearby, lastHeard, staff, before },
  });
  const { batteries } = jobs;
  const lockExport = createLockExport({ storeLocks$, batteries, staff, judge, journal, clock });
  ending.adopt('list of locks', lockExport);
  const { keySerials$, enrolments$ } = data;
  const directory = createLockDirectory({ storeLocks$, keySerials$, nearby, readiness });
  ending.adopt('directory', directory);
  bookkeeping.placeBook.ask((serialNumber) => directory.lock(serialNumber)?.place);
  const credentials = createCredentials({ vault, data, readiness });
  const visits = createVisits({ slot, nearby, directory, credentials });
  const watches = await createAlarmWatches({
    alarms,
    data,
    driver,
    directory,
    visits,
    storeLocks$,
    nearby$: nearby.nearby$,
    staffIds: () => staff.members().map(({ staffId }) => staffId),
    clock,
    logger,
  });
  ending.adopt('alarms', watches);
  const customers = createCustomerWaiting({
    ...{ store$: data.store$, directory, journal, clock },
    before,
  });
  ending.adopt('customer waiting', customers);
  const locks = createLockServices({
    driver,
    directory,
    nearby,
    visits,
    slot,
    judge,
    waits,
    intents,
    journal: {
      record: async (entry) => {
        const recorded = await journal.record(entry);
        await customers.recorded(entry);
        return recorded;
      },
    },
    concerns: {
      ...concerns,
      ended: (serialNumber, end) => {
        watches.ended(serialNumber, end);
        return concerns.ended(serialNumber, end);
      },
    },
    clock,
    random,
    logger,
  });
  ending.adopt('lock services', locks);
  const desk = createOpeningDesk({ directory, judge, staff, journal, clock });
  const delays = createOpeningDelays({ waits, judge, directory, staff, desk, journal });
  lifeCycle.onRegistered(({ storeId }) => meetIdentity(data, storeId));
  lifeCycle.onRevoked(() => locks.stopAny());
  lifeCycle.onRevoked(() => staff.signOut());
  lifeCycle.onRevoked(() => lastOperation.ended());
  lifeCycle.onRevoked(() => customers.forget());
  lifeCycle.onErase(() => lastOperation.over());
  lifeCycle.onErase(() => customers.forget());
  lifeCycle.onErase(() => concerns.forgetAll());
  lifeCycle.onErase(() => waits.forgetAll());
  lifeCycle.onErase(() => alarms.forgetAll());
  lifeCycle.onErase(() => watches.forgetAll());
  lifeCycle.onErase(() => names.forgetAll());
  lifeCycle.onErase(() => badges.forgetAll());
  lifeCycle.onErase(() => notTaken.forgetAll());
  lifeCycle.onErase(() => bookkeeping.losses.forget());
  lifeCycle.onErase(() => lastHeard.forgetAll());
  lifeCycle.onErase(() => forgetJobs());
  lifeCycle.onErase(() => journal.forget());
  ending.adopt('concerns', watchConcerns({ concerns, storeLocks$ }));
  const activity = await openActivity({ bookkeeping, staff, judge, directory, lifeCycle });
  const enrolments = createEnrolmentService({
    driver,
    data,
    visits,
    journal,
    clock,
    random,
    kioskId: () => vault.identity?.kioskId ?? null,
  });
  ending.adopt('enrolments', enrolments);
  const replacing = createLockReplacing({ directory, names, enrolments, judge });
  const provisioner = createProvisioner({ driver, data, nearby, visits, journal, names, clock, random });
  const autoProvisioner = createAutoProvisioner({
    enrolments$,
    nearby$: nearby.nearby$,
    keySerials$,
    readiness$: readinessWatch.readiness$,
    provisioner,
    slot,
    clock,
    random,
    logger,
  });
  ending.adopt('auto provisioner', autoProvisioner);
  return {
    ...bookkeeping,
    ...activity,
    lifeCycle,
    lastWords,
    staff,
    badges,
    notTaken,
    leaving,
    ...{ judge, waits, directory },
    desk,
    delays,
    nearby,
    readinessWatch,
    storeLocks$,
    locks,
    names,
    replacing,
    lastHeard,
    ...jobs,
    lockExport,
    customers,
    enrolments,
    provisioner,
    slot,
  };
};
