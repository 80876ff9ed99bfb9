/** Removes what has served its time, in passes of small steps. Everything but what lapses by itself stays for as long as is set. */
import { setTimeout as delay } from 'node:timers/promises';
import { describeThrown } from '#shared/errors/thrown.ts';
import type { BackendPorts } from '../platform/ports.ts';
import type { Db } from '../store/database.ts';
import { forgetOldPoints } from '../store/history.ts';
import { storesOf } from '../store/stores.ts';
import { removeEndedEnrolments } from './ended-enrolments.ts';
import { removeOldEvents } from './old-events.ts';
import { createSteadyClock } from './steady-clock.ts';
import { createSteps, defaultPace, type Pace, type Steps } from './passes.ts';
import {
  removeLapsedAssertions,
  removeLapsedCodes,
  removeLapsedIntermediates,
  removeOldActs,
  removeOldAlarms,
  removeOldLapses,
} from './spent-rows.ts';

const everyMs = 600_000;
const dayMs = 86_400_000;

/** Days; 0 keeps for good. */
export interface Retention {
  /** Access events, enrolments that have ended, and intermediates after they have lapsed. */
  readonly eventDays: number;
  /** The journal of operators. */
  readonly actDays: number;
}

export interface Housekeeping {
  /** One pass. Rejects where the database fails. */
  pass(): Promise<void>;
  dispose(): Promise<void>;
}

export const createHousekeeping = (ports: {
  readonly db: Db;
  readonly tenantId: string;
  readonly retention: Retention;
  readonly platform: Pick<BackendPorts, 'now' | 'logger'>;
  readonly pace?: Pace;
  /** Of this process, in ms; its own by default. */
  readonly uptime?: () => number;
}): Housekeeping => {
  const { db, tenantId, retention, platform, pace = defaultPace } = ports;
  const clock = createSteadyClock({
    db,
    tenantId,
    platform,
    uptime: ports.uptime ?? (() => performance.now()),
  });
  const stop = new AbortController();
  const wait = (ms: number): Promise<void> =>
    delay(ms, undefined, { signal: stop.signal, ref: false }).catch(() => undefined);

  const removeOld = async (steps: Steps, now: number): Promise<void> => {
    if (retention.actDays > 0) {
      const before = now - retention.actDays * dayMs;
      await steps.repeat((most) => removeOldActs(db, tenantId, before, most));
    }
    if (retention.eventDays === 0) return;
    const before = now - retention.eventDays * dayMs;
    await steps.repeat((most) => removeLapsedIntermediates(db, tenantId, before, most));
    let events = 0;
    for (const storeId of await storesOf(db, tenantId)) {
      await steps.repeat((most) => removeEndedEnrolments(db, { tenantId, storeId }, before, most));
      events += await steps.repeat((most) => removeOldEvents(db, { tenantId, storeId }, before, most));
    }
    await steps.repeat((most) => removeOldAlarms(db, tenantId, before, most));
    if (events > 0) platform.logger.info('old events removed', { events });
  };

  const pass = async (): Promise<void> => {
    const steps = createSteps(pace, stop.signal, wait);
    const now = await clock.look();
    await steps.repeat((most) => removeLapsedAssertions(db, now, most));
    await steps.repeat((most) => removeLapsedCodes(db, now, most));
    // By the clock itself: where the steady time lags, a lapse of today would look like one that a wrong clock has noted, and go.
    await steps.repeat((most) => removeOldLapses(db, platform.now(), most));
    await steps.repeat((most) => forgetOldPoints(db, most));
    await removeOld(steps, now);
  };

  let running: Promise<void> | null = null;
  const timer = setInterval(() => {
    // A pass that is not through yet goes on; none is begun beside it.
    running ??= pass()
      .catch((failure: unknown) => platform.logger.warn('housekeeping', describeThrown(failure)))
      .finally(() => {
        running = null;
      });
  }, everyMs);
  return {
    pass,
    dispose: async () => {
      clearInterval(timer);
      stop.abort();
      await running;
    },
  };
};
