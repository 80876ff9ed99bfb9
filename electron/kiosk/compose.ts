/**
 * The kiosk's one composition root. Everything is made here and in composition/, in the order in which it depends on each
 * other: each step takes what the one before has made. It is ended in reverse, each part within a bound.
 */
import { createEnding } from '#shared/flow/ending.ts';
import { openBookkeeping } from './composition/open-bookkeeping.ts';
import { openGround } from './composition/open-ground.ts';
import { openOutside } from './composition/open-outside.ts';
import { openServices, type Services } from './composition/open-services.ts';
import { openUpdates } from './composition/open-updates.ts';
import type { KioskPorts } from './composition/ports.ts';
import type { KioskApi } from './ipc/api.ts';
import { kioskCalls } from './kiosk-calls.ts';
import { createKioskStreams } from './views/kiosk-streams.ts';

export interface RunningKiosk {
  readonly api: KioskApi;
  /** Stops everything, each part within a bound. Never rejects. */
  dispose(): Promise<void>;
}

const stopEachWithinMs = 3_000;

/** Rejects with an `AppFailure` (`storage.*`) where the data cannot be opened; what was begun until then is stopped. */
export const composeKiosk = async (ports: KioskPorts): Promise<RunningKiosk> => {
  await using ending = createEnding({
    timer: ports.clock,
    eachMs: stopEachWithinMs,
    onLeftBehind: (left) => ports.logger.warn('stopping left a part behind', left),
  });
  const ground = await openGround({ ports, ending });
  const outside = openOutside(ground);
  const bookkeeping = await openBookkeeping(outside);
  const services = await openServices(bookkeeping);
  const api = await openApi(services);
  const running = ending.move();
  return {
    api,
    dispose: async () => {
      await running.end();
    },
  };
};

const openApi = async (services: Services): Promise<KioskApi> => {
  const { ports, ending, data, time, clock, vault, replication, rotation, concerns, alarms } = services;
  const { lifeCycle, lastWords, staff, badges, judge, nearby, readinessWatch, storeLocks$, locks } = services;
  const { lastHeard } = services;
  const { registrationCode, kioskName } = ports.config;

  // Begins before anything is shown, so that the first snapshot is already true.
  await lifeCycle.start({ code: registrationCode, name: kioskName });
  rotation.resume();
  await lastWords.start();
  const { updates, choosing: updateChoosing, presence } = await openUpdates(services);

  const views = createKioskStreams({
    phase$: lifeCycle.phase$,
    identity$: lifeCycle.identity$,
    notice$: lifeCycle.notice$,
    revokedFor$: lifeCycle.revokedFor$,
    store$: data.store$,
    staff$: data.staff$,
    session$: staff.session$,
    idledOut$: staff.idledOut$,
    lockedUntil$: staff.lockedUntil$,
    badges,
    notTaken$: services.notTaken.notTaken$,
    canLeave: ports.leave !== undefined,
    customer$: services.customers.customer$,
    judge,
    storeLocks$,
    concerns$: concerns.concerns$,
    alarms$: alarms.alarms$,
    nearby$: nearby.nearby$,
    lastHeard,
    keySerials$: data.keySerials$,
    enrolments$: data.enrolments$,
    attempt$: locks.unlocks.attempt$,
    run$: locks.group.run$,
    unlockMs: () => locks.stageMedians(),
    readiness$: readinessWatch.readiness$,
    sync$: replication.state$,
    rolledBack: () => time.rolledBack(),
    loss$: services.losses.loss$,
    fingerprint: () => vault.fingerprint,
    updates,
    clock,
    kioskName,
  });
  ending.adopt('views', views);
  return {
    calls: kioskCalls({ ...services, ...locks, updateChoosing, presence }),
    streams: views.streams,
  };
};
