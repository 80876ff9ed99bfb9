/** Times that are worth asking about: where clocks change, at the ends of months and of years, on leap days, and any other. */
import type { Chance } from './chance.ts';

const minute = 60_000;
const day = 1440 * minute;

/** Daylight saving in both hemispheres, of half an hour and of two, at midnight; odd offsets; days left out; none of it. */
export const zones: readonly [string, ...string[]] = [
  'Europe/Paris',
  'Europe/Dublin',
  'America/New_York',
  'America/St_Johns',
  'America/Santiago',
  'America/Sao_Paulo',
  'America/Havana',
  'America/Asuncion',
  'America/Caracas',
  'America/Nuuk',
  'Africa/Casablanca',
  'Africa/Cairo',
  'Antarctica/Troll',
  'Asia/Beirut',
  'Asia/Gaza',
  'Asia/Kathmandu',
  'Asia/Kolkata',
  'Asia/Pyongyang',
  'Asia/Tehran',
  'Australia/Adelaide',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Pacific/Chatham',
  'Pacific/Easter',
  'Pacific/Fakaofo',
  'Pacific/Kiritimati',
  'Pacific/Kwajalein',
  'Pacific/Norfolk',
  'UTC',
];

/** In which a day was left out, and the noon of UTC before. */
const leftOut: Readonly<Record<string, number>> = {
  'Pacific/Apia': Date.UTC(2011, 11, 29, 12),
  'Pacific/Fakaofo': Date.UTC(2011, 11, 29, 12),
  'Pacific/Kiritimati': Date.UTC(1994, 11, 30, 12),
  'Pacific/Kwajalein': Date.UTC(1993, 7, 20, 12),
};

/** From the first year in which every zone above is whole minutes from UTC. */
const earliest = Date.UTC(1974, 0, 1);
const latest = Date.UTC(2045, 0, 1);

const wallIn = (zone: string): ((at: number) => string) => {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' });
  return (at) => format.format(at);
};

/** The first time after `at` at which the clock jumps, within 400 days; null: it does not. */
const nextJump = (zone: string, at: number): number | null => {
  const wall = wallIn(zone);
  const distance = (time: number): number => Date.parse(`${wall(time).replace(' ', 'T')}Z`) - time;
  const start = Math.floor(at / minute) * minute;
  for (let after = start + day; after < start + 400 * day; after += day) {
    if (distance(after) === distance(after - day)) continue;
    let [before, changed] = [after - day, after];
    while (changed - before > minute) {
      const middle = before + Math.floor((changed - before) / 2 / minute) * minute;
      if (distance(middle) === distance(before)) before = middle;
      else changed = middle;
    }
    return changed;
  }
  return null;
};

/** About which time a seed asks. */
export const baseTime = (chance: Chance, zone: string): number => {
  const any = chance.whole(earliest / minute, latest / minute) * minute;
  const year = chance.whole(1975, 2044);
  const jump = leftOut[zone];
  if (jump !== undefined && chance.often(50)) return jump;
  if (chance.often(15)) return Date.UTC(chance.whole(494, 511) * 4, 1, chance.whole(28, 29), 12);
  if (chance.often(15)) return Date.UTC(year, 0, 1);
  return chance.often(70) ? (nextJump(zone, any) ?? any) : any;
};

const steps: readonly [number, ...number[]] = [
  0,
  1,
  1000,
  minute,
  15 * minute,
  30 * minute,
  60 * minute,
  day,
];

/** A time near `base`, before it or after it; now and then one that a clock shows that was set wrong. */
export const timeNear = (chance: Chance, base: number): number => {
  if (chance.often(4)) return chance.whole(earliest / minute, latest / minute) * minute;
  const away = chance.often(60) ? chance.pick(steps) * chance.whole(0, 4) : chance.whole(0, 4 * day);
  return base + (chance.often(50) ? away : -away);
};
