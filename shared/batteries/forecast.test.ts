import { describe, expect, test } from 'vitest';
import { changeAt, dayOf, forecastOf, keptDays, type BatteryReading } from './forecast.ts';

const today = 20_000;
/** `percents` of the days up to today, a reading a day. */
const upToToday = (...percents: number[]): BatteryReading[] =>
  percents.map((percent, at) => ({ day: today - percents.length + 1 + at, percent }));
const falling = (from: number, perDay: number, days: number): BatteryReading[] =>
  upToToday(...Array.from({ length: days }, (_, at) => Math.round(from - at * perDay)));

test('a day is one of the calendar of Greenwich', () => {
  expect([dayOf(0), dayOf(86_399_999), dayOf(86_400_000)]).toEqual([0, 0, 1]);
});

describe('the forecast', () => {
  test('is when a line through the readings comes down to where a battery is changed', () => {
    // 60 % today, one percent a day.
    expect(forecastOf(falling(80, 1, 21), today)).toEqual({ kind: 'days', days: 60 - changeAt });
    expect(forecastOf(falling(40, 2, 12).concat(falling(62, 2, 22).slice(0, 5)), today).kind).toBe('days');
  });

  test('counts from today, also where nothing was heard since', () => {
    const lastWeek = falling(80, 1, 21).map(({ day, percent }) => ({ day: day - 7, percent }));
    expect(forecastOf(lastWeek, today)).toEqual({ kind: 'days', days: 60 - changeAt - 7 });
  });

  test.each([
    ['of fewer than seven readings', falling(80, 1, 6)],
    ['of less than two weeks', falling(80, 1, 13)],
    ['none at all', []],
  ])('is none %s', (_, readings) => {
    expect(forecastOf(readings, today)).toEqual({ kind: 'few' });
  });

  test.each([
    ['falls by nothing', falling(80, 0, 30)],
    ['lasts longer than a year', falling(80, 0.05, 56)],
  ])('says nothing of a battery that %s', (_, readings) => {
    expect(forecastOf(readings, today)).toEqual({ kind: 'steady' });
  });

  test('is not turned by some readings that are wrong', () => {
    const right = falling(80, 1, 30);
    const some = right.map((reading, at) =>
      at % 5 === 2 ? { ...reading, percent: reading.percent - 15 } : reading,
    );
    const days = forecastOf(some, today);
    expect(days).toMatchObject({ kind: 'days' });
    expect(days.kind === 'days' && Math.abs(days.days - (51 - changeAt))).toBeLessThanOrEqual(3);
  });

  test.each([2, 100])('is not turned by one reading that is far off: %i percent', (percent) => {
    const right = falling(80, 1, 40);
    for (let at = 0; at < right.length; at += 1) {
      const days = forecastOf(right.with(at, { day: right[at]?.day ?? 0, percent }), today);
      expect(days, `reading ${at}`).toMatchObject({ kind: 'days' });
      expect(days.kind === 'days' && Math.abs(days.days - (41 - changeAt))).toBeLessThanOrEqual(1);
    }
  });

  test('begins anew with another battery', () => {
    const before = falling(40, 1, 40).map(({ day, percent }) => ({ day: day - 10, percent }));
    expect(forecastOf([...before, ...falling(100, 1, 10)], today)).toEqual({ kind: 'few' });
    const long = falling(100, 1, 20);
    expect(
      forecastOf([...before.map(({ day, percent }) => ({ day: day - 10, percent })), ...long], today),
    ).toEqual({
      kind: 'days',
      days: 81 - changeAt,
    });
  });

  test('goes by the last eight weeks, and by no day that has not come', () => {
    const old = falling(80, 1, 21).map(({ day, percent }) => ({ day: day - keptDays, percent }));
    const ahead = falling(80, 1, 21).map(({ day, percent }) => ({ day: day + 21, percent }));
    expect(forecastOf([...old, ...ahead], today)).toEqual({ kind: 'few' });
  });

  test('is now, where the line is below that', () => {
    expect(forecastOf(falling(39, 1, 20), today)).toEqual({ kind: 'days', days: 0 });
  });
});
