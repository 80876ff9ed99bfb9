/** Times as people say them. `now` is the core's time; every other number is milliseconds since the epoch or a duration. */
import { formatLocale, t } from './translate.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

const timeFormat = new Intl.DateTimeFormat(formatLocale, {
  hour: '2-digit',
  minute: '2-digit',
  hour12: false,
});
const weekdayFormat = new Intl.DateTimeFormat(formatLocale, { weekday: 'short' });
const dateFormat = new Intl.DateTimeFormat(formatLocale, { day: 'numeric', month: 'short' });
const dateYearFormat = new Intl.DateTimeFormat(formatLocale, {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
});

const isToday = (at: number, now: number): boolean =>
  new Date(at).toDateString() === new Date(now).toDateString();

/**
 * The one form that points of time have, wherever one is said: "14:05" today, "4 Mar" in the same year, "4 Mar 2027" in another. Fits
 * after "since" and "until".
 */
export const pointWords = (at: number, now: number): string => {
  if (isToday(at, now)) return timeFormat.format(at);
  const isThisYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return (isThisYear ? dateFormat : dateYearFormat).format(at);
};

/** "14:05" today, "Fri 14:05" in the days after: for what comes within a week, to the minute. */
export const soonWords = (at: number, now: number): string =>
  isToday(at, now) ? timeFormat.format(at) : `${weekdayFormat.format(at)} ${timeFormat.format(at)}`;

/** "at 14:05", "on 4 Mar": the same after a verb. */
export const whenWords = (at: number, now: number): string =>
  isToday(at, now)
    ? t('when.at', { time: pointWords(at, now) })
    : t('when.on', { date: pointWords(at, now) });

/** "just now", "2 minutes ago", then as `whenWords`. */
export const agoWords = (at: number, now: number): string => {
  const ago = now - at;
  if (ago >= 0 && ago < minute) return t('when.now');
  if (ago >= minute && ago < hour) return t('when.minutes', { count: Math.floor(ago / minute) });
  return whenWords(at, now);
};

/** A length of time in its largest unit: "40 seconds", "3 minutes", "2 days". Never less than one second. */
export const spanWords = (ms: number): string => {
  const length = Math.abs(ms);
  if (length >= 2 * day) return t('span.days', { count: Math.round(length / day) });
  if (length >= hour) return t('span.hours', { count: Math.round(length / hour) });
  if (length >= minute) return t('span.minutes', { count: Math.round(length / minute) });
  return t('span.seconds', { count: Math.max(1, Math.ceil(length / second)) });
};

/** "1.2": seconds with tenths. */
export const tenths = (ms: number): string => (Math.floor(Math.max(0, ms) / 100) / 10).toFixed(1);

/** "0:42": minutes and seconds that are left. */
export const countdown = (ms: number): string => {
  const left = Math.max(0, Math.ceil(ms / second));
  return `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`;
};
