/** Times as people of the language in use say them, by the clock on the store's wall. `now` is the core's time; every other number is milliseconds since the epoch or a duration. */
import type { Moment } from './moment.ts';
import { locale, t } from './translate.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

const shapes = {
  time: { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  weekday: { weekday: 'short' },
  longWeekday: { weekday: 'long' },
  date: { day: 'numeric', month: 'short' },
  year: { year: 'numeric' },
  exact: { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' },
  day: { weekday: 'long', day: 'numeric', month: 'long' },
  dayYear: { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' },
  dateYear: { day: 'numeric', month: 'short', year: 'numeric' },
} as const satisfies Readonly<Record<string, Intl.DateTimeFormatOptions>>;

let storesZone = (): string | undefined => undefined;

/** Has all times follow `zone`, an IANA name; undefined, and one that is not known here: the computer's own. */
export const sayTimesIn = (zone: () => string | undefined): void => {
  storesZone = zone;
};

const formats = new Map<string, Intl.DateTimeFormat>();

const formatOf = (shape: keyof typeof shapes, timeZone: string | undefined): Intl.DateTimeFormat => {
  try {
    return new Intl.DateTimeFormat(locale(), { ...shapes[shape], timeZone });
  } catch {
    return new Intl.DateTimeFormat(locale(), shapes[shape]);
  }
};

const format = (shape: keyof typeof shapes, at: number): string => {
  const zone = storesZone();
  const id = `${locale()} ${shape} ${zone ?? ''}`;
  const known = formats.get(id) ?? formatOf(shape, zone);
  formats.set(id, known);
  return known.format(at);
};

/** "14:05" or, where it is `exact`, "14:05:09", whatever day it was. */
export const clockWords = (at: number, length: 'minutes' | 'exact' = 'minutes'): Moment => ({
  kind: 'time',
  words: format(length === 'exact' ? 'exact' : 'time', at),
});

/** Noon of a day of the calendar, `YYYY-MM-DD`, in UTC. */
const noonOf = (date: string): number => Date.parse(`${date}T12:00:00Z`);

/** "Wednesday 4 March", of a day of the calendar; with the year where it is asked for. */
export const dayWords = (date: string, length: 'day' | 'dayYear' = 'day'): string =>
  formatOf(length, 'UTC').format(noonOf(date));

/** The day before, as `YYYY-MM-DD`. */
export const dayBefore = (date: string): string => new Date(noonOf(date) - day).toISOString().slice(0, 10);

/** "08:00": when an hour of the day begins. */
export const hourWords = (hour: number): string => formatOf('time', 'UTC').format(hour * 3_600_000);

/** Whether both are on one day of the store's calendar. */
export const isSameDay = (a: number, b: number): boolean => format('dateYear', a) === format('dateYear', b);

/**
 * The one form that points of time have, wherever one is said: "14:05" today, "4 Mar" in the same year, "4 Mar 2027" in another. Fits
 * after "since" and "until".
 */
export const pointWords = (at: number, now: number): Moment => {
  if (isSameDay(at, now)) return { kind: 'time', words: format('time', at) };
  const isThisYear = format('year', at) === format('year', now);
  return { kind: 'date', words: format(isThisYear ? 'date' : 'dateYear', at) };
};

/** "14:05" today, "Fri 14:05" in the days after: for what comes within a week, to the minute. */
export const soonWords = (at: number, now: number): Moment =>
  isSameDay(at, now)
    ? { kind: 'time', words: format('time', at) }
    : { kind: 'weekday', words: `${format('weekday', at)} ${format('time', at)}` };

/** A weekday alone is unmistakable for so many days to come. */
const weekdayForDays = 6;

/**
 * When something begins or goes on: "14:05" today, "Monday 14:05" within the next days ("Mon 14:05" where it is `short`), and the date
 * after them. Fits after "until" and "from".
 */
export const comingWords = (at: number, now: number, length: 'long' | 'short' = 'long'): Moment => {
  if (isSameDay(at, now) || at - now > weekdayForDays * day) return pointWords(at, now);
  const weekday = format(length === 'long' ? 'longWeekday' : 'weekday', at);
  return { kind: 'weekday', words: `${weekday} ${format('time', at)}` };
};

/** "at 14:05", "on 4 Mar": the same after a verb. */
export const whenWords = (at: number, now: number): Moment => {
  const point = pointWords(at, now);
  return {
    kind: point.kind,
    words: point.kind === 'time' ? t('when.at', { time: point }) : t('when.on', { date: point }),
  };
};

/** "just now", "2 minutes ago", then as `whenWords`. */
export const agoWords = (at: number, now: number): string => {
  const ago = now - at;
  if (ago >= 0 && ago < minute) return t('when.now');
  if (ago >= minute && ago < hour) return t('when.minutes', { count: Math.floor(ago / minute) });
  return whenWords(at, now).words;
};

/** A length of time in its largest unit: "40 seconds", "3 minutes", "2 days". Never less than one second. */
export const spanWords = (ms: number): string => {
  const length = Math.abs(ms);
  if (length >= 2 * day) return t('span.days', { count: Math.round(length / day) });
  if (length >= hour) return t('span.hours', { count: Math.round(length / hour) });
  if (length >= minute) return t('span.minutes', { count: Math.round(length / minute) });
  return t('span.seconds', { count: Math.max(1, Math.ceil(length / second)) });
};

/** "0:42": minutes and seconds that are left. */
export const countdown = (ms: number): string => {
  const left = Math.max(0, Math.ceil(ms / second));
  return `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`;
};
