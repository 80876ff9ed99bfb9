import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isTime, startOfDay, wallClockOf, type WallClock } from './wall-clock.ts';

const known = (timeZone: string): WallClock => wallClockOf(timeZone) ?? expect.unreachable(timeZone);
/** What the wall shows, as ISO 8601 without a zone. */
const shown = (wall: WallClock, at: number): string =>
  new Date(at + wall.stretchAt(at).offset).toISOString().slice(0, 19);

describe('the clock on the wall', () => {
  test.each([
    ['UTC', '2026-11-30T12:00:00Z', '2026-11-30T12:00:00'],
    ['Europe/Paris', '2026-03-29T00:59:59Z', '2026-03-29T01:59:59'],
    ['Europe/Paris', '2026-03-29T01:00:00Z', '2026-03-29T03:00:00'],
    ['Europe/Paris', '2026-10-25T00:59:59Z', '2026-10-25T02:59:59'],
    ['Europe/Paris', '2026-10-25T01:00:00Z', '2026-10-25T02:00:00'],
    ['europe/PARIS', '2026-10-25T01:00:00Z', '2026-10-25T02:00:00'],
    ['America/Santiago', '2026-09-06T04:00:00Z', '2026-09-06T01:00:00'],
    ['Australia/Lord_Howe', '2026-04-04T15:00:00Z', '2026-04-05T01:30:00'],
    ['Antarctica/Troll', '2026-03-29T01:00:00Z', '2026-03-29T03:00:00'],
    ['Asia/Kathmandu', '2026-11-30T12:00:00Z', '2026-11-30T17:45:00'],
    ['Pacific/Chatham', '2026-11-30T12:00:00Z', '2026-12-01T01:45:00'],
    ['Pacific/Apia', '2011-12-30T09:59:59Z', '2011-12-29T23:59:59'],
    ['Pacific/Apia', '2011-12-30T10:00:00Z', '2011-12-31T00:00:00'],
    ['Africa/Monrovia', '1971-06-01T12:00:00Z', '1971-06-01T11:15:30'],
    ['Etc/GMT+5', '2026-11-30T12:00:00Z', '2026-11-30T07:00:00'],
  ])('of %s shows at %s %s', (timeZone, at, wall) => {
    expect(shown(known(timeZone), Date.parse(at))).toBe(wall);
  });

  test.each([
    'Mars/Olympus',
    '',
    ' Europe/Paris',
    '+02:00',
    'UTC+3',
    '2026-01-01T00:00Z',
    '2026-01-01T00:00+01:00[Europe/Paris]',
  ])('of “%s” there is none', (timeZone) => expect(wallClockOf(timeZone)).toBe(null));

  test('keeps its distance to UTC until it is changed, and for ever where it never is again', () => {
    const paris = known('Europe/Paris');
    expect(paris.stretchAt(Date.parse('2026-11-30T12:00Z')).until).toBe(Date.parse('2027-03-28T01:00Z'));
    expect(known('Asia/Tokyo').stretchAt(Date.parse('2026-11-30T12:00Z')).until).toBe(Infinity);
    expect(paris.stretchAt(8_640_000_000_000_000).offset % 3_600_000).toBe(0);
  });

  test('shows the same in whatever order it is asked', () => {
    const zone = fc.constantFrom(
      'Europe/Paris',
      'Africa/Casablanca',
      'Pacific/Apia',
      'America/St_Johns',
      'Asia/Gaza',
    );
    const times = fc.array(fc.integer({ min: 0, max: Date.UTC(2100, 0, 1) }), {
      minLength: 2,
      maxLength: 60,
    });
    fc.assert(
      fc.property(zone, times, (timeZone, asked) => {
        const kept = known(timeZone);
        for (const at of asked) expect(shown(kept, at)).toBe(shown(known(timeZone), at));
      }),
      { numRuns: 20 },
    );
  });
});

test.each([
  [0, true],
  [8_640_000_000_000_000, true],
  [8_640_000_000_000_001, false],
  [-1, false],
  [0.5, false],
  [Number.NaN, false],
  [Infinity, false],
])('%d is a time: %s', (at, is) => expect(isTime(at)).toBe(is));

test('a day begins where the wall shows midnight, be it a leap day or the first of all', () => {
  expect(startOfDay('1970-01-01')).toBe(0);
  expect(startOfDay('2028-02-29')).toBe(Date.UTC(2028, 1, 29));
  expect(() => startOfDay('2026-02-29')).toThrow(RangeError);
});
