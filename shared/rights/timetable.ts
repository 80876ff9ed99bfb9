/** When a schedule is open, by the clock on the wall: its windows sorted by day, so that the next opening is found at once. */
import type { Schedule, Window } from './model.ts';

const minute = 60_000;
export const day = 24 * 60 * minute;

/** From the beginning of its day, in ms; `until` is after `from`, and may lie on the next day, or at its end. */
interface Span {
  readonly from: number;
  readonly until: number;
}

export interface Timetable {
  /** The first wall time that is open, not before `from` and before `until`; null: none. */
  nextOpen(from: number, until: number): number | null;
}

const fromMidnight = (wallTime: string): number =>
  (Number(wallTime.slice(0, 2)) * 60 + Number(wallTime.slice(3))) * minute;

const spanOf = ({ from, until }: Window): Span => {
  const start = fromMidnight(from);
  const end = fromMidnight(until);
  return { from: start, until: end > start ? end : end + day };
};

/** From 24:00 to 00:00 no time passes. */
const spansIn = (windows: readonly Window[]): Span[] =>
  windows.map(spanOf).filter(({ from, until }) => until > from);

/** 1 is Monday. 1970-01-01 was a Thursday. */
const isoDayOf = (start: number): number => ((((start / day + 3) % 7) + 7) % 7) + 1;

/** `dayOf` has the wall time at which a day begins; every date of a schedule is one. */
export const timetableOf = (
  { weekly, exceptions }: Schedule,
  dayOf: (date: string) => number | null,
): Timetable => {
  const byWeekday = Array.from({ length: 8 }, (_, isoDay) =>
    spansIn(weekly.filter(({ days }) => days.includes(isoDay))),
  );
  const byDate = new Map(exceptions.map(({ date, windows }) => [dayOf(date), spansIn(windows)]));
  const spansOf = (start: number): readonly Span[] => byDate.get(start) ?? byWeekday[isoDayOf(start)] ?? [];
  return {
    nextOpen: (from, until) => {
      // The day before may go on past midnight; nothing that begins on a later day is open sooner.
      for (let start = (Math.floor(from / day) - 1) * day; start < until; start += day) {
        let first = Infinity;
        for (const span of spansOf(start))
          if (start + span.until > from) first = Math.min(first, Math.max(start + span.from, from));
        if (first < until) return first;
      }
      return null;
    },
  };
};
