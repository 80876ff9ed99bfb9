/**
 * The kiosk's one composition root. Everything is made here and in composition/, in the order in which it depends on each
 * other, and taken down in reverse, each part within a bound.
 */
import { openBookkeeping } from './composition/open-bookkeeping.ts';
import { openGround } from './composition/open-ground.ts';
import { openOutside } from './composition/open-outside.ts';
import { openServices } from './composition/open-services.ts';
import type { Begun, KioskPorts } from './composition/ports.ts';
import type { KioskApi } from './ipc/api.ts';
import { kioskCalls } from './kiosk-calls.ts';
import { stopWithin, type StopStep } from './platform/stop-within.ts';
import { createKioskStreams } from './views/kiosk-streams.ts';

export interface Kiosk {
  readonly api: KioskApi;
  /** Stops everything, each part within a bound. Never rejects. */
  dispose(): Promise<void>;
}

const stopEachWithinMs = 3_000;

/** Rejects with an `AppFailure` (`storage.*`) where the data cannot be opened; what was begun until then is stopped. */
export const composeKiosk = async (ports: KioskPorts): Promise<Kiosk> => {
  const running: StopStep[] = [];
  const onStop = (name: string, stop: () => Promise<void>): void => void running.push({ name, stop });
  const begun: Begun = {
    onStop,
    disposable: (name, part) =>
      onStop(name, () => {
        part.dispose();
        return Promise.resolve();
      }),
  };
  const stop = (): Promise<void> =>
    stopWithin(running.splice(0).reverse(), stopEachWithinMs, { clock: ports.clock, logger: ports.logger });
  try {
    return { api: await assemble(ports, begun), dispose: stop };
  } catch (error) {
    await stop();
    throw error;
  }
};

const assemble = async (ports: KioskPorts, begun: Begun): Promise<KioskApi> => {
  const { registrationCode, kioskName } = ports.config;
  const ground = await openGround(ports, begun);
  const outside = openOutside(ports, ground, () => bookkeeping.corrections.settled(), begun);
  const { replication, rotation } = outside;
  const bookkeeping = await openBookkeeping(ports, ground, replication, begun);
  const services = await openServices(ports, ground, outside, bookkeeping, begun);
  const { lifeCycle, lastWords, staff, nearby, permissions, storeLocks$, locks } = services;
  const { names, enrolments, provisioner } = services;
  const { data, time, clock } = ground;

  // Begins before anything is shown, so that the first snapshot is already true.
  await lifeCycle.start({ code: registrationCode, name: kioskName });
  rotation.resume();
  await lastWords.start();

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
    storeLocks$,
    concerns$: bookkeeping.concerns.concerns$,
    nearby$: nearby.nearby$,
    keySerials$: data.keySerials$,
    enrolments$: data.enrolments$,
    attempt$: locks.unlocks.attempt$,
    run$: locks.group.run$,
    unlockMs: () => locks.stageMedians(),
    permission$: permissions.permission$,
    sync$: replication.state$,
    rolledBack: () => time.rolledBack(),
    clock,
    kioskName,
  });
  begun.disposable('views', views);
  return {
    calls: kioskCalls({
      ...{ lifeCycle, staff, ...locks, names, enrolments, provisioner, replication },
      concerns: bookkeeping.concerns,
    }),
    streams: views.streams,
  };
};
