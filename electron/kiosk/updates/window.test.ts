import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { expect, test } from 'vitest';
import { storeOffsets } from '../activity/store-day.ts';
import { isInWindow } from './window.ts';

const night = { from: '02:00', to: '05:00' };
const zones = [
  'Europe/Paris',
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'Pacific/Apia',
  'UTC',
];
const time = fc
  .tuple(fc.nat(23), fc.nat(59))
  .map((parts) => parts.map((part) => `${part}`.padStart(2, '0')).join(':'));
const moment = fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2040, 0, 1) });

test('nothing is ever installed while the clock on the wall shows a time outside the window', () => {
  fc.assert(
    fc.property(fc.constantFrom(...zones), moment, time, time, (zone, at, from, to) => {
      // Another library's reckoning, and text instead of numbers.
      const shown = Temporal.Instant.fromEpochMilliseconds(at)
        .toZonedDateTimeISO(zone)
        .toPlainTime()
        .toString()
        .slice(0, 5);
      const isInside = from < to ? from <= shown && shown < to : from <= shown || shown < to;
      expect(isInWindow(at, storeOffsets(zone)(at), { from, to })).toBe(isInside);
    }),
    { numRuns: 300 },
  );
});

test.each([
  ['2026-03-29T00:59:59Z', false, 'a second before clocks are put forward over its first hour'],
  ['2026-03-29T01:00:00Z', true, 'at once after'],
  ['2026-03-29T02:59:59Z', true, 'up to 05:00, which is an hour sooner'],
  ['2026-03-29T03:00:00Z', false, 'and no longer'],
  ['2026-10-25T00:00:00Z', true, 'the first time that clocks show 02:00'],
  ['2026-10-25T01:00:00Z', true, 'the second time'],
  ['2026-10-25T03:59:59Z', true, 'four hours, that night'],
  ['2026-10-25T04:00:00Z', false, 'and no longer'],
])('in Paris at %s: %s, %s', (at, isInside) => {
  const ms = Date.parse(at);
  expect(isInWindow(ms, storeOffsets('Europe/Paris')(ms), night)).toBe(isInside);
});
