/** Everything that raises alarms, put together. */
import type { Observable } from 'rxjs';
import type { KioskData } from '../data/port.ts';
import type { LockDriver } from '../link/lock-driver.ts';
import type { LockConcerns } from '../locks/concerns.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '#shared/flow/logger.ts';
import type { LockDirectory } from '../visit/lock-directory.ts';
import type { NearbyLocks } from '../visit/nearby.ts';
import type { StoreLocks } from '../visit/store-locks.ts';
import type { Visits } from '../visit/visit.ts';
import { watchAdverts } from './advert-alarms.ts';
import type { Alarms } from './alarms.ts';
import { watchChain } from './chain-alarms.ts';
import { watchOpen } from './open-alarms.ts';
import { watchDuress } from './duress-alarms.ts';
import { createOpenedBy } from './opened-by.ts';
import { watchSilence } from './silence-alarms.ts';

/** So many of the journal's newest events are looked through at the start for what was opened. */
const newestEvents = 300;
/** What was opened longer ago is closed by now, or somebody has been told. */
const openedWithinMs = 12 * 60 * 60_000;

export interface AlarmWatches {
  /** As `LockConcerns.ended`. */
  readonly ended: (...how: Parameters<LockConcerns['ended']>) => void;
  /** Nothing here is of this kiosk any more. */
  forgetAll(): Promise<void>;
  dispose(): Promise<void>;
}

export interface AlarmWatchesOptions {
  readonly alarms: Alarms;
  readonly data: KioskData;
  readonly driver: LockDriver;
  readonly directory: LockDirectory;
  readonly visits: Visits;
  readonly storeLocks$: Observable<StoreLocks>;
  readonly nearby$: Observable<NearbyLocks>;
  readonly staffIds: () => readonly string[];
  readonly clock: Clock;
  readonly logger: Logger;
}

export const createAlarmWatches = async (options: AlarmWatchesOptions): Promise<AlarmWatches> => {
  const { data, driver, clock } = options;
  const { sightings$, radioState$: radio$ } = driver;
  const adverts = watchAdverts(options);
  const newest = await data.accessEventsAfter(Math.max(0, data.journalSequence - newestEvents));
  const openedBefore = newest.flatMap(({ kind, serialNumber, at }) =>
    (kind === 'unlocked' || kind === 'unlock_unknown') &&
    serialNumber !== null &&
    clock.now() - at < openedWithinMs
      ? [serialNumber]
      : [],
  );
  const openedBy = createOpenedBy(options);
  for (const { kind, serialNumber, at } of newest)
    if (kind === 'unlocked' && serialNumber !== null) openedBy.openedHere(serialNumber, at);
  const open = watchOpen({ ...options, openedBy, openedBefore });
  const silence = await watchSilence({ ...options, sightings$, radio$, notes: data });
  const chain = watchChain({ ...options, notes: data });
  const duress = watchDuress({ ...options, store$: data.store$, notes: data });
  return {
    ended: (serialNumber, end) => open.ended(serialNumber, end),
    forgetAll: async () => {
      await silence.forgetAll();
      await chain.forgetAll();
      await duress.forgetAll();
    },
    dispose: async () => {
      adverts.dispose();
      open.dispose();
      await chain.dispose();
      await duress.dispose();
      await silence.dispose();
      await options.alarms.settled();
    },
  };
};
