/** What people ask of the kiosk: who they are, which locks there are, opening, enrolling, releasing. */
import { map, type Observable } from 'rxjs';
import { createAlarmWatches } from '../alarms/alarm-watches.ts';
import { openActivity, type ActivityServices } from './open-activity.ts';
import { openEnrolling, type Enrolling } from './open-enrolling.ts';
import { openLife, type Life } from './open-life.ts';
import { openPeople, type People } from './open-people.ts';
import { openJobs, type Jobs } from './open-jobs.ts';
import { meetIdentity } from '../data/meet-identity.ts';
import { createCustomerWaiting, type CustomerWaiting } from '../jobs/customer-waiting.ts';
import { createLockExport, type LockExport } from '../lists/lock-export.ts';
import { watchConcerns } from '../locks/concern-watch.ts';
import { createLastHeard, type LastHeard } from '../locks/last-heard.ts';
import { createLockNames, type LockNames } from '../locks/lock-names.ts';
import { createLockServices, type LockServices } from '../locks/lock-services.ts';
import { createOpeningDelays, type OpeningDelays } from '../locks/opening-delays.ts';
import { createOpeningDesk, type OpeningDesk } from '../locks/opening-desk.ts';
import { createCredentials } from '../visit/credentials.ts';
import { createLastOperation } from '../visit/last-operation.ts';
import { createLockDirectory, type LockDirectory } from '../visit/lock-directory.ts';
import { createNearby, type Nearby } from '../visit/nearby.ts';
import { createOperationSlot, type OperationSlot } from '../visit/operation-slot.ts';
import { createReadinessWatch, type KioskReadiness, type ReadinessWatch } from '../visit/kiosk-readiness.ts';
import { storeLocks, type StoreLocks } from '../visit/store-locks.ts';
import { createVisits } from '../visit/visit.ts';
import type { Bookkeeping } from './open-bookkeeping.ts';

export interface Services extends Bookkeeping, People, Life, Jobs, ActivityServices, Enrolling {
  readonly directory: LockDirectory;
  readonly desk: OpeningDesk;
  readonly delays: OpeningDelays;
  readonly nearby: Nearby;
  readonly readinessWatch: ReadinessWatch;
  readonly storeLocks$: Observable<StoreLocks>;
  readonly locks: LockServices;
  readonly names: LockNames;
  readonly lastHeard: LastHeard;
  readonly lockExport: LockExport;
  readonly customers: CustomerWaiting;
  readonly slot: OperationSlot;
}

/** So many of the journal's newest events are looked through at the start for a customer who waits, and a round that was signed. */
const newestEvents = 300;

export const openServices = async (bookkeeping: Bookkeeping): Promise<Services> => {
  const { ports, ending, data, time, clock, vault } = bookkeeping;
  const { driver, journal, concerns, alarms, intents } = bookkeeping;
  const { random, logger } = ports;
  const people = await openPeople(bookkeeping);
  const { waits, judge, badges, notTaken, staff } = people;
  const slot = createOperationSlot();
  const lastOperation = createLastOperation(slot, ports.clock);
  const life = openLife(bookkeeping);
  const { lifeCycle } = life;
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
    bookkeeping,
    storeLocks$,
    nearby,
    lastHeard,
    staff,
    before,
  });
  const { batteries } = jobs;
  const lockExport = createLockExport({ storeLocks$, batteries, staff, judge, journal, clock });
  ending.adopt('list of locks', lockExport);
  const { keySerials$ } = data;
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
  const customers = createCustomerWaiting({ store$: data.store$, directory, journal, clock, before });
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
  const enrolling = openEnrolling({
    bookkeeping,
    readinessWatch,
    nearby,
    slot,
    visits,
    directory,
    names,
    judge,
  });
  return {
    ...bookkeeping,
    ...people,
    ...life,
    ...activity,
    directory,
    desk,
    delays,
    nearby,
    readinessWatch,
    storeLocks$,
    locks,
    names,
    lastHeard,
    ...jobs,
    lockExport,
    customers,
    ...enrolling,
    slot,
  };
};
