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
const dateFormat = new Intl.DateTimeFormat(formatLocale, { day: 'numeric', month: 'long' });
const shortDateFormat = new Intl.DateTimeFormat(formatLocale, { day: 'numeric', month: 'short' });
const dateYearFormat = new Intl.DateTimeFormat(formatLocale, {
  day: 'numeric',
  month: 'long',
  year: 'numeric',
});

/** Whole calendar days from `now` to `at`, in the person's time zone: 0 today, -1 yesterday. */
const daysFrom = (at: number, now: number): number => {
  const a = new Date(at);
  const n = new Date(now);
  return Math.round(
    (Date.UTC(a.getFullYear(), a.getMonth(), a.getDate()) -
      Date.UTC(n.getFullYear(), n.getMonth(), n.getDate())) /
      day,
  );
};

const dateWords = (at: number, now: number, length: 'long' | 'short' = 'long'): string => {
  const sameYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  // A year is said only where leaving it out could mislead.
  if (!sameYear && Math.abs(at - now) >= 90 * day) return dateYearFormat.format(at);
  return (length === 'long' ? dateFormat : shortDateFormat).format(at);
};

/** "14:05" today, "4 March" (short: "4 Mar") on any other day: fits after "since" and "until". */
export const pointWords = (at: number, now: number, length: 'long' | 'short' = 'long'): string =>
  daysFrom(at, now) === 0 ? timeFormat.format(at) : dateWords(at, now, length);

/** "14:05" today, "Fri 14:05" in the days after: for what comes within a week, to the minute. */
export const soonWords = (at: number, now: number): string =>
  daysFrom(at, now) === 0 ? timeFormat.format(at) : `${weekdayFormat.format(at)} ${timeFormat.format(at)}`;

/** "at 14:05", "yesterday at 14:05", "on 4 March": fits after a verb. */
export const whenWords = (at: number, now: number): string => {
  const days = daysFrom(at, now);
  if (days === 0) return t('when.at', { time: timeFormat.format(at) });
  if (days === -1) return t('when.yesterday', { time: timeFormat.format(at) });
  return t('when.on', { date: dateWords(at, now) });
};

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
