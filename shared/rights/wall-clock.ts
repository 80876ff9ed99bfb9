/**
 * The clock on a store's wall. A wall time is written here as the ms since the epoch at which a clock in UTC would show the same: so
 * days are all of one length, and what daylight saving does is in one place, the difference that holds for a stretch of time.
 */
import { Temporal } from 'temporal-polyfill';

/** A stretch of time, in ms since the epoch, in which the wall's clock keeps one distance to UTC; `until` is not in it. */
export interface Stretch {
  readonly from: number;
  readonly until: number;
  /** Wall time less time, in ms. */
  readonly offset: number;
}

export interface WallClock {
  /** The stretch that `at` is in; `at` as `isTime` has it. */
  stretchAt(at: number): Stretch;
}

const lastTime = 8_640_000_000_000_000;
export const isTime = (at: number): boolean => Number.isInteger(at) && at >= 0 && at <= lastTime;

/** A name, not an offset or a date that carries one: only a name knows of daylight saving. */
const zoneName = /^[A-Za-z][\w+-]*(?:\/[\w+-]+)*$/;
/** Stretches that are kept: a search over 400 days meets four in most zones and a dozen nowhere. */
const mostKept = 32;

const zonedAt = (at: number, timeZone: string): Temporal.ZonedDateTime =>
  Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone);

const stretchOf = (at: number, timeZone: string): Stretch => {
  const zoned = zonedAt(at, timeZone);
  // What is asked for is the last change before a time, and one at `at` itself counts.
  const before = at < lastTime ? zonedAt(at + 1, timeZone) : zoned;
  return {
    from: before.getTimeZoneTransition('previous')?.epochMilliseconds ?? -Infinity,
    until: zoned.getTimeZoneTransition('next')?.epochMilliseconds ?? Infinity,
    offset: zoned.offsetNanoseconds / 1_000_000,
  };
};

/** Of a zone by its IANA name, as `Europe/Paris`; null: this machine knows none of that name. */
export const wallClockOf = (timeZone: string): WallClock | null => {
  if (!zoneName.test(timeZone)) return null;
  try {
    zonedAt(0, timeZone);
  } catch {
    return null;
  }
  const kept: Stretch[] = [];
  return {
    stretchAt: (at) => {
      const known = kept.find(({ from, until }) => from <= at && at < until);
      if (known) return known;
      const stretch = stretchOf(at, timeZone);
      kept.unshift(stretch);
      kept.length = Math.min(kept.length, mostKept);
      return stretch;
    },
  };
};

/** The wall time at which a day of the calendar, `YYYY-MM-DD`, begins; throws a RangeError where it is none. */
export const startOfDay = (date: string): number =>
  Temporal.PlainDate.from(date).toZonedDateTime('UTC').epochMilliseconds;
