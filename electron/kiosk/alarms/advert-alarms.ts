/** Alarms that a lock of the store advertises itself: tampering, and a battery that is low. Nothing of it is authenticated. */
import { combineLatest, type Observable } from 'rxjs';
import { goodAbove } from '#shared/batteries/forecast.ts';
import { every } from '#shared/flow/every.ts';
import type { AlarmKind } from '#shared/models/alarm.ts';
import type { NearbyLock, NearbyLocks } from '../visit/nearby.ts';
import type { Clock } from '../platform/clock.ts';
import type { StoreLocks } from '../visit/store-locks.ts';
import type { Alarms, OpenAlarm } from './alarms.ts';

/** For so long without another word: whoever sends what a lock might say fills no journal. */
export const goodForMs = 10 * 60_000;
const lookEveryMs = 5_000;

export interface AdvertAlarmsOptions {
  readonly alarms: Pick<Alarms, 'alarms$' | 'find' | 'raise' | 'causeOver' | 'forget'>;
  readonly storeLocks$: Observable<StoreLocks>;
  readonly nearby$: Observable<NearbyLocks>;
  readonly clock: Pick<Clock, 'sinceBoot' | 'after'>;
}

export const watchAdverts = (options: AdvertAlarmsOptions): { dispose(): void } => {
  const { alarms, storeLocks$, nearby$, clock } = options;
  /** Since when the battery of a lock with that alarm has said that it is good. */
  const goodSince = new Map<string, number>();

  const isGoodForLong = (serialNumber: string, isGood: boolean): boolean => {
    if (!isGood) goodSince.delete(serialNumber);
    else if (!goodSince.has(serialNumber)) goodSince.set(serialNumber, clock.sinceBoot());
    const since = goodSince.get(serialNumber);
    return since !== undefined && clock.sinceBoot() - since >= goodForMs;
  };
  const tell = (kind: AlarmKind, serialNumber: string, is: boolean, isOver = !is): void => {
    if (is) void alarms.raise(kind, serialNumber);
    else if (isOver && alarms.find(kind, serialNumber)) void alarms.causeOver(kind, serialNumber);
  };
  const tellOf = ({ serialNumber, tamper, batteryLow, battery }: NearbyLock): void => {
    tell('tampered', serialNumber, tamper);
    const isGood = !batteryLow && battery > goodAbove;
    const isOver = alarms.find('battery_low', serialNumber) && isGoodForLong(serialNumber, isGood);
    if (!alarms.find('battery_low', serialNumber)) goodSince.delete(serialNumber);
    tell('battery_low', serialNumber, batteryLow, isOver);
  };

  let look = (): void => undefined;
  const see = ([locks, nearby, open]: [StoreLocks, NearbyLocks, readonly OpenAlarm[]]): void => {
    // Also of one that left the store while this kiosk was not there to see it.
    const gone = open.flatMap(({ serialNumber: of }) => (of !== null && !locks.has(of) ? [of] : []));
    for (const serialNumber of new Set(gone)) void alarms.forget(serialNumber);
    // A lock that says it is new is not the one that hangs there, or says nothing that is worth an alarm.
    for (const lock of nearby.values()) if (lock.provisioned && locks.has(lock.serialNumber)) tellOf(lock);
  };
  const looking = combineLatest([storeLocks$, nearby$, alarms.alarms$]).subscribe((now) => {
    look = () => see(now);
    see(now);
  });
  // A lock that says the same as before says nothing new, and time passes.
  const stopLooking = every(clock, lookEveryMs, () => look());
  return {
    dispose: () => {
      stopLooking();
      looking.unsubscribe();
    },
  };
};
