/** The day and the hour of a time, by the clock on the store's wall. */
import { createBoundedMap } from '#shared/flow/bounded-map.ts';
import { wallClockOf, type WallClock } from '#shared/rights/wall-clock.ts';

export interface StoreDay {
  /** `YYYY-MM-DD`. */
  readonly day: string;
  /** 0 to 23. An hour that comes twice, where clocks are put back, is one. */
  readonly hour: number;
}

const minuteMs = 60_000;

/** A journal is read backwards: a stretch of the wall's clock is asked for from so far before. */
const lookedBackMs = 28 * 24 * 60 * minuteMs;

/** The stretch that `at` lies in, with a time from which on it holds. */
const stretchAround = (wall: WallClock, at: number) => {
  let from = Math.max(0, at - lookedBackMs);
  let stretch = wall.stretchAt(from);
  while (stretch.until <= at) {
    from = stretch.until;
    stretch = wall.stretchAt(from);
  }
  return { ...stretch, from };
};

/** Wall time less time, in ms. `timeZone` is an IANA name; undefined, and one that is not known here: the computer's own. */
export const storeOffsets = (timeZone: string | undefined): ((at: number) => number) => {
  const wall = timeZone === undefined ? null : wallClockOf(timeZone);
  if (!wall) return (at) => -new Date(at).getTimezoneOffset() * minuteMs;
  let known = { from: 0, until: 0, offset: 0 };
  return (at) => {
    if (at < known.from || at >= known.until) known = stretchAround(wall, at);
    return known.offset;
  };
};

/** Days are worked out once: of those that are asked for, most are the same. */
const mostDays = 400;
const dayMs = 24 * 60 * minuteMs;

export const storeDays = (timeZone: string | undefined): ((at: number) => StoreDay) => {
  const offsetAt = storeOffsets(timeZone);
  const days = createBoundedMap<number, string>(mostDays);
  return (at) => {
    const shown = at + offsetAt(at);
    const number = Math.floor(shown / dayMs);
    const day = days.get(number) ?? new Date(number * dayMs).toISOString().slice(0, 10);
    days.set(number, day);
    return { day, hour: Math.floor((shown - number * dayMs) / (60 * minuteMs)) };
  };
};
