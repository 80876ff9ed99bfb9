/** Alarms that a lock of the store advertises itself: tampering, and a battery that is low. Nothing of it is authenticated. */
import { combineLatest, type Observable } from 'rxjs';
import type { AlarmKind } from '#shared/models/alarm.ts';
import type { NearbyLock, NearbyLocks } from '../visit/nearby.ts';
import type { StoreLocks } from '../visit/store-locks.ts';
import type { Alarms } from './alarms.ts';

/** Percent. What is above it was changed, or was never low: near the bound a battery's word comes and goes with the cold. */
const batteryIsGood = 25;

export interface AdvertAlarmsOptions {
  readonly alarms: Pick<Alarms, 'alarms$' | 'find' | 'raise' | 'causeOver' | 'forget'>;
  readonly storeLocks$: Observable<StoreLocks>;
  readonly nearby$: Observable<NearbyLocks>;
}

export const watchAdverts = ({ alarms, storeLocks$, nearby$ }: AdvertAlarmsOptions): { dispose(): void } => {
  /** As of the last look; before the first, nobody knows what the store had. */
  let before: StoreLocks = new Map();

  const tell = (kind: AlarmKind, serialNumber: string, is: boolean, isOver = !is): void => {
    const known = alarms.find(kind, serialNumber) !== undefined;
    if (is) void alarms.raise(kind, serialNumber);
    else if (known && isOver) void alarms.causeOver(kind, serialNumber);
  };
  const tellOf = ({ serialNumber, tamper, batteryLow, battery }: NearbyLock): void => {
    tell('tampered', serialNumber, tamper);
    tell('battery_low', serialNumber, batteryLow, battery > batteryIsGood);
  };

  const looking = combineLatest([storeLocks$, nearby$, alarms.alarms$]).subscribe(([locks, nearby]) => {
    for (const serialNumber of before.keys()) if (!locks.has(serialNumber)) void alarms.forget(serialNumber);
    before = locks;
    // A lock that says it is new is not the one that hangs there, or says nothing that is worth an alarm.
    for (const lock of nearby.values()) if (lock.provisioned && locks.has(lock.serialNumber)) tellOf(lock);
  });
  return { dispose: () => looking.unsubscribe() };
};
