/** The rounds of a store: the closing check, the battery round, and who has signed them. */
import type { Observable } from 'rxjs';
import type { AccessEvent } from '#shared/models/access-event.ts';
import { createBatteryLog } from '../jobs/battery-log.ts';
import { createBatteryRounds, type BatteryRounds } from '../jobs/battery-rounds.ts';
import { createClosingSweep, type ClosingSweep } from '../jobs/closing-sweep.ts';
import { createSignedRounds, type SignedRounds } from '../jobs/signed-rounds.ts';
import type { LastHeard } from '../locks/last-heard.ts';
import type { StaffService } from '../staff/staff-service.ts';
import type { Nearby } from '../visit/nearby.ts';
import type { StoreLocks } from '../visit/store-locks.ts';
import type { Bookkeeping } from './open-bookkeeping.ts';

export interface Jobs {
  readonly sweep: ClosingSweep;
  readonly batteries: BatteryRounds;
  readonly signed: SignedRounds;
}

export interface JobsOptions {
  readonly bookkeeping: Bookkeeping;
  readonly storeLocks$: Observable<StoreLocks>;
  readonly nearby: Nearby;
  readonly lastHeard: LastHeard;
  readonly staff: Pick<StaffService, 'members'>;
  /** The newest events that the journal holds, oldest first. */
  readonly before: readonly AccessEvent[];
}

/** With what forgets them all, once nothing here is of this kiosk any more. */
export const openJobs = async (
  options: JobsOptions,
): Promise<{ readonly jobs: Jobs; readonly forgetAll: () => Promise<void> }> => {
  const { storeLocks$, nearby, lastHeard, staff, before } = options;
  const { ports, ending, data, clock, journal, alarms } = options.bookkeeping;
  const { logger } = ports;
  const signed = await createSignedRounds({
    notes: data,
    people: () => staff.members(),
    before,
    clock,
    logger,
  });
  const sweep = createClosingSweep({ storeLocks$, nearby, journal, signed });
  ending.adopt('closing sweep', sweep);
  const batteryLog = await createBatteryLog({ storeLocks$, lastHeard, notes: data, journal, clock, logger });
  ending.adopt('battery log', batteryLog);
  const batteries = createBatteryRounds({
    storeLocks$,
    nearby,
    lastHeard,
    alarms,
    log: batteryLog,
    journal,
    signed,
    clock,
  });
  ending.adopt('battery rounds', batteries);
  return {
    jobs: { sweep, batteries, signed },
    forgetAll: async () => {
      await batteryLog.forgetAll();
      await signed.forgetAll();
    },
  };
};
