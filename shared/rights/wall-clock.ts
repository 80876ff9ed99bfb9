/**
 * The clock on a store's wall. A wall time is written here as the ms since the epoch at which a clock in UTC would show the same: so
 * days are all of one length, and what daylight saving does is in one place, the difference that holds for a stretch of time.
 */
import { Temporal } from 'temporal-polyfill';

/** A stretch of time in which the wall's clock keeps one distance to UTC. */
export interface Stretch {
  /** ms since the epoch, no more in it. */
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

/** `from` is as far back as has been asked: to look for where a stretch began takes up to a fifth of a second in some zones. */
interface KeptStretch extends Stretch {
  from: number;
}

const stretchFrom = (at: number, timeZone: string): KeptStretch => {
  const zoned = zonedAt(at, timeZone);
  return {
    from: at,
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
  const kept: KeptStretch[] = [];
  const keep = (stretch: KeptStretch): KeptStretch => {
    const same = kept.find(({ until }) => until === stretch.until);
    if (same) {
      same.from = Math.min(same.from, stretch.from);
      return same;
    }
    kept.unshift(stretch);
    kept.length = Math.min(kept.length, mostKept);
    return stretch;
  };
  return {
    stretchAt: (at) =>
      kept.find(({ from, until }) => from <= at && at < until) ?? keep(stretchFrom(at, timeZone)),
  };
};

/** The wall time at which a day of the calendar, `YYYY-MM-DD`, begins; throws a RangeError where it is none. */
export const startOfDay = (date: string): number =>
  Temporal.PlainDate.from(date).toZonedDateTime('UTC').epochMilliseconds;
