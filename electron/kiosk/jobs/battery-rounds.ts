/**
 * The battery round: which batteries are to be changed this week, and the word of a person that they have changed them. One access
 * event, and it has happened once the disk has it. All of it is known here, with or without a network.
 */
import { setImmediate } from 'node:timers/promises';
import type { Observable } from 'rxjs';
import {
  batteryListOf,
  isLow,
  joinBatteryLists,
  type BatteryList,
  type BatteryState,
} from '#shared/batteries/battery-list.ts';
import { ok, type Result } from '#shared/errors/app-error.ts';
import { mostBatteries, type BatteryRound } from '#shared/models/battery.ts';
import type { Alarms } from '../alarms/alarms.ts';
import type { Journal } from '../journal/journal.ts';
import type { LastHeard } from '../locks/last-heard.ts';
import type { Clock } from '../platform/clock.ts';
import type { Nearby, NearbyLock } from '../visit/nearby.ts';
import type { StoreLock, StoreLocks } from '../visit/store-locks.ts';
import type { BatteryLog } from './battery-log.ts';
import type { SignedRounds } from './signed-rounds.ts';

/** So many forecasts take a few milliseconds: between them whoever wants a lock opened has their turn. */
const atOnce = 100;

export interface BatteryRounds {
  list(): Promise<BatteryList>;
  /** When a lock was last heard, and what its battery had then, where that was not changed since; null: never here, or nobody knows when. */
  heardOf(serialNumber: string): BatteryState['heard'];
  /** `changed`: the locks whose batteries this person has changed. Durable when ok. */
  sign(staffId: string, changed: readonly string[]): Promise<Result<BatteryRound>>;
  dispose(): void;
}

export interface BatteryRoundsOptions {
  readonly storeLocks$: Observable<StoreLocks>;
  readonly nearby: Pick<Nearby, 'get'>;
  readonly lastHeard: Pick<LastHeard, 'of'>;
  readonly alarms: Pick<Alarms, 'find'>;
  readonly log: Pick<BatteryLog, 'readings' | 'changedAt' | 'changed'>;
  readonly journal: Pick<Journal, 'recordNow'>;
  readonly signed: Pick<SignedRounds, 'keep'>;
  readonly clock: Pick<Clock, 'now'>;
}

export const createBatteryRounds = (options: BatteryRoundsOptions): BatteryRounds => {
  const { storeLocks$, nearby, lastHeard, alarms, log, journal, signed, clock } = options;
  let locks: StoreLocks = new Map();
  const store = storeLocks$.subscribe((now) => (locks = now));

  /** One that says it is new is not the one that hangs there. */
  const nearOf = (serialNumber: string): NearbyLock | null => {
    const said = nearby.get(serialNumber);
    return said?.provisioned === true ? said : null;
  };
  const heardOf = (serialNumber: string): BatteryState['heard'] => {
    const near = nearOf(serialNumber);
    const last = near ? { at: clock.now(), battery: near.battery } : lastHeard.of(serialNumber);
    // A clock that was ahead said so: nobody knows when it was.
    if (!last || last.at > clock.now()) return null;
    const changedAt = log.changedAt(serialNumber);
    // What was heard before it was changed is of the battery that is gone.
    return { at: last.at, percent: changedAt !== null && last.at <= changedAt ? null : last.battery };
  };
  const stateOf = ({ serialNumber, name, group }: StoreLock): BatteryState => {
    const near = nearOf(serialNumber);
    const heard = heardOf(serialNumber);
    const readings = log.readings(serialNumber);
    const changedAt = log.changedAt(serialNumber);
    const lock = { serialNumber, name, group, readings };
    if (heard?.percent === null && changedAt !== null)
      return { ...lock, heard: { at: changedAt, percent: null }, low: false };
    const lowSince = alarms.find('battery_low', serialNumber)?.since ?? null;
    return { ...lock, heard, low: near ? near.batteryLow : isLow(lowSince, heard, changedAt) };
  };
  const list = async (): Promise<BatteryList> => {
    // A spare hangs nowhere.
    const placed = [...locks.values()].filter(({ place }) => place !== null);
    const lists: BatteryList[] = [];
    for (let at = 0; at < placed.length; at += atOnce) {
      if (at > 0) await setImmediate();
      lists.push(batteryListOf(placed.slice(at, at + atOnce).map(stateOf), clock.now()));
    }
    return joinBatteryLists(lists);
  };

  const sign = async (staffId: string, said: readonly string[]): Promise<Result<BatteryRound>> => {
    const changed = [...new Set(said)].filter((serialNumber) => locks.has(serialNumber)).sort();
    const { change, silent } = await list();
    const left = [...change, ...silent]
      .map(({ serialNumber }) => serialNumber)
      .filter((serialNumber) => !changed.includes(serialNumber))
      .sort();
    const round = { changed, left: left.length, serialNumbers: left.slice(0, mostBatteries) };
    const recorded = await journal.recordNow({ kind: 'battery_round', staffId, round });
    if (!recorded.ok) return recorded;
    await log.changed(changed);
    await signed.keep(recorded.value);
    return ok(round);
  };
  /** By who signs. Whoever asks twice at once has signed once. */
  const underWay = new Map<string, Promise<Result<BatteryRound>>>();

  return {
    list,
    heardOf,
    sign: (staffId, changed) => {
      const before = underWay.get(staffId);
      if (before) return before;
      const signing = sign(staffId, changed).finally(() => underWay.delete(staffId));
      underWay.set(staffId, signing);
      return signing;
    },
    dispose: () => store.unsubscribe(),
  };
};
