/** Which batteries of a store are to be changed this week: the same list at the kiosk, offline, and at the backend. */
import { z } from 'zod';
import { percentSchema } from '../models/battery.ts';
import { epochMsSchema, serialNumberSchema } from '../models/primitives.ts';
import { changeAt, dayOf, goodAbove, forecastOf, type BatteryReading } from './forecast.ts';

const weekDays = 7;
const weekMs = weekDays * 86_400_000;

const itemSchema = z.strictObject({
  serialNumber: serialNumberSchema,
  name: z.string(),
  group: z.string(),
  /** As it was last heard, and when; `percent` is null where it was changed at that time, and not heard since. */
  percent: percentSchema.nullable(),
  heardAt: epochMsSchema,
  /** The lock says itself that it is low. */
  low: z.boolean(),
  /** In so many days it is to be changed, by the forecast; null: there is none, or it is due whatever that says. */
  days: z.int().min(0).nullable(),
});
export type BatteryItem = z.infer<typeof itemSchema>;

const count = z.int().min(0);
export const batteryListSchema = z.strictObject({
  /** To be changed this week, the lowest first, and then what lasts the shortest. */
  change: z.array(itemSchema),
  /** Not heard for a week, the longest first: they may be empty. */
  silent: z.array(itemSchema),
  /** How many others there are: that last longer by the forecast, of which too little is known for one, and that were never heard. */
  later: count,
  few: count,
  never: count,
});
export type BatteryList = z.infer<typeof batteryListSchema>;

export interface BatteryState {
  readonly serialNumber: string;
  readonly name: string;
  readonly group: string;
  /** null: never. */
  readonly heard: { readonly at: number; readonly percent: number | null } | null;
  readonly low: boolean;
  readonly readings: readonly BatteryReading[];
}

/**
 * Whether an alarm that began at `lowSince` still says that the battery is low: it is of the one that is in there, and nothing better was
 * heard since.
 */
export const isLow = (
  lowSince: number | null,
  heard: BatteryState['heard'],
  changedAt: number | null,
): boolean => {
  if (lowSince === null || (changedAt !== null && lowSince <= changedAt)) return false;
  return heard === null || heard.at <= lowSince || (heard.percent ?? 0) <= goodAbove;
};

export const batteryListOf = (states: Iterable<BatteryState>, now: number): BatteryList => {
  const change: BatteryItem[] = [];
  const silent: BatteryItem[] = [];
  const others = { later: 0, few: 0, never: 0 };
  for (const { heard, low, readings, ...lock } of states) {
    if (!heard) {
      others.never += 1;
      continue;
    }
    const { at: heardAt, percent } = heard;
    const item = { ...lock, percent, heardAt, low, days: null };
    if (low || (percent !== null && percent <= changeAt)) {
      change.push(item);
      continue;
    }
    const forecast = forecastOf(readings, dayOf(now));
    if (forecast.kind === 'days' && forecast.days <= weekDays) change.push({ ...item, days: forecast.days });
    else if (now - heardAt >= weekMs) silent.push(item);
    else others[forecast.kind === 'few' ? 'few' : 'later'] += 1;
  }
  return { change: change.sort(byUrgency), silent: silent.sort(bySilence), ...others };
};

/** The list of all locks from lists of some of them each, for who has no time for all of them at once. */
export const joinBatteryLists = (lists: readonly BatteryList[]): BatteryList => {
  const sum = (of: 'later' | 'few' | 'never'): number => lists.reduce((all, list) => all + list[of], 0);
  return {
    change: lists.flatMap(({ change }) => change).sort(byUrgency),
    silent: lists.flatMap(({ silent }) => silent).sort(bySilence),
    later: sum('later'),
    few: sum('few'),
    never: sum('never'),
  };
};

const bySerial = (a: BatteryItem, b: BatteryItem): number => (a.serialNumber < b.serialNumber ? -1 : 1);
const bySilence = (a: BatteryItem, b: BatteryItem): number => a.heardAt - b.heardAt || bySerial(a, b);
const byUrgency = (a: BatteryItem, b: BatteryItem): number =>
  (a.days ?? -1) - (b.days ?? -1) || (a.percent ?? 100) - (b.percent ?? 100) || bySerial(a, b);
