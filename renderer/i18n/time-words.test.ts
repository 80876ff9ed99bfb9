import { afterEach, describe, expect, it } from 'vitest';
import { tenths } from './number-words.ts';
import {
  agoWords,
  comingWords,
  countdown,
  isSameDay,
  pointWords,
  sayTimesIn,
  spanWords,
  whenWords,
} from './time-words.ts';

const now = new Date(2026, 2, 4, 14, 5, 30).getTime();
const at = (...parts: [number, number, number, number?, number?]): number =>
  new Date(parts[0], parts[1], parts[2], parts[3] ?? 0, parts[4] ?? 0).getTime();

describe('the clock on the store’s wall', () => {
  afterEach(() => sayTimesIn(() => undefined));
  const evening = Date.UTC(2026, 11, 31, 18, 0);

  it.each([
    ['Asia/Kolkata', '23:30', 'Friday 00:30', '1 Jan 2027', false],
    ['Pacific/Auckland', '07:00', '08:00', '08:00', true],
  ])('in %s tells times, days and years', (zone, time, coming, point, isToday) => {
    sayTimesIn(() => zone);
    const hourLater = evening + 3_600_000;
    expect(pointWords(evening, evening).words).toBe(time);
    expect(comingWords(hourLater, evening).words).toBe(coming);
    expect(pointWords(hourLater, evening).words).toBe(point);
    expect(isSameDay(hourLater, evening)).toBe(isToday);
  });

  it('is the computer’s where the zone is none that is known', () => {
    const computers = pointWords(evening, evening).words;
    sayTimesIn(() => 'Middle-earth/Shire');
    expect(pointWords(evening, evening).words).toBe(computers);
  });
});

describe('time words', () => {
  it.each([
    [now - 5_000, 'just now'],
    [now - 60_000, 'a minute ago'],
    [now - 150_000, '2 minutes ago'],
    [at(2026, 2, 4, 9, 0), 'at 09:00'],
    [at(2026, 2, 3, 23, 59), 'on 3 Mar'],
    [at(2026, 0, 12, 8, 0), 'on 12 Jan'],
    [at(2024, 0, 12, 8, 0), 'on 12 Jan 2024'],
    [now + 4_000, 'at 14:05'],
  ])('says %s as "%s"', (then, words) => {
    expect(agoWords(then, now)).toBe(words);
  });

  it.each([
    [at(2026, 2, 4, 0, 1), '00:01'],
    [at(2026, 2, 4, 23, 59), '23:59'],
    [at(2026, 2, 3, 23, 59), '3 Mar'],
    [at(2026, 2, 5, 0, 1), '5 Mar'],
    [at(2026, 11, 31), '31 Dec'],
    [at(2025, 11, 31), '31 Dec 2025'],
    [at(2027, 0, 1), '1 Jan 2027'],
  ])('says the point %s in the one form: "%s"', (then, words) => {
    expect(pointWords(then, now).words).toBe(words);
    expect(whenWords(then, now).words).toBe(`${words.includes(':') ? 'at' : 'on'} ${words}`);
  });

  it.each([
    [at(2026, 2, 4, 18, 0), '18:00', '18:00'],
    [at(2026, 2, 5, 8, 0), 'Thursday 08:00', 'Thu 08:00'],
    [at(2026, 2, 10, 8, 0), 'Tuesday 08:00', 'Tue 08:00'],
    // A week from now has the name of today.
    [at(2026, 2, 11, 8, 0), '11 Mar', '11 Mar'],
    [at(2027, 0, 4, 8, 0), '4 Jan 2027', '4 Jan 2027'],
  ])('says when something goes on, %s, as "%s", and in short as "%s"', (then, long, short) => {
    expect(comingWords(then, now).words).toBe(long);
    expect(comingWords(then, now, 'short').words).toBe(short);
  });

  it('says lengths in their largest unit', () => {
    expect(spanWords(400)).toBe('one second');
    expect(spanWords(-45_000)).toBe('45 seconds');
    expect(spanWords(3 * 60_000)).toBe('3 minutes');
    expect(spanWords(26 * 3_600_000)).toBe('26 hours');
    expect(spanWords(8 * 86_400_000)).toBe('8 days');
  });

  it('counts in tenths without ever running ahead', () => {
    expect(tenths(1_299)).toBe('1.2');
    expect(tenths(-20)).toBe('0.0');
    expect(countdown(61_000)).toBe('1:01');
    expect(countdown(-5)).toBe('0:00');
  });
});
