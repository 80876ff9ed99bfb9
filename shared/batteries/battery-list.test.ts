import { describe, expect, test } from 'vitest';
import { batteryListOf, joinBatteryLists, type BatteryState } from './battery-list.ts';
import { dayOf } from './forecast.ts';

const dayMs = 86_400_000;
const now = 20_000.5 * dayMs;
const serialOf = (n: number): string => `0000051a${String(n).padStart(8, '0')}`;

/** One percent a day, down to `percent` today. */
const month = (percent: number) =>
  Array.from({ length: 30 }, (_, at) => ({ day: dayOf(now) - at, percent: percent + at }));
const lock = (n: number, percent: number | null, rest: Partial<BatteryState> = {}): BatteryState => ({
  serialNumber: serialOf(n),
  name: `Hook ${String(n)}`,
  group: '',
  heard: percent === null ? null : { at: now - dayMs, percent },
  low: false,
  readings: percent === null ? [] : month(percent),
  ...rest,
});
const numbersOf = (items: readonly { readonly serialNumber: string }[]): number[] =>
  items.map(({ serialNumber }) => Number(serialNumber.slice(8)));

describe('the list of the week', () => {
  test('has what is low first, and then what lasts the shortest; the rest is counted', () => {
    const list = batteryListOf(
      [
        lock(1, 27),
        lock(2, 28),
        lock(3, 25),
        lock(4, 20),
        lock(5, 9),
        lock(6, 60, { low: true }),
        lock(7, 80),
      ],
      now,
    );
    expect(numbersOf(list.change)).toEqual([5, 4, 6, 3, 1]);
    expect(list.change.map(({ days }) => days)).toEqual([null, null, null, 5, 7]);
    expect(list).toMatchObject({ silent: [], later: 2, few: 0, never: 0 });
  });

  test('has what was not heard for a week apart, unless it is due', () => {
    const heard = (days: number, percent: number) => ({ at: now - days * dayMs, percent });
    const list = batteryListOf(
      [
        lock(1, 80, { heard: heard(7, 80) }),
        lock(2, 80, { heard: heard(6.9, 80) }),
        lock(3, 12, { heard: heard(20, 12) }),
        lock(4, 80, { heard: heard(30, 80) }),
        lock(5, null),
      ],
      now,
    );
    expect([numbersOf(list.change), numbersOf(list.silent)]).toEqual([[3], [4, 1]]);
    expect(list).toMatchObject({ later: 1, few: 0, never: 1 });
  });

  test('says of how many too little is known', () => {
    const list = batteryListOf(
      [lock(1, 50, { readings: [] }), lock(2, null, { heard: { at: now, percent: null } })],
      now,
    );
    expect(list).toEqual({ change: [], silent: [], later: 0, few: 2, never: 0 });
  });

  test('of all locks is what the lists of some of them each are together', () => {
    const states = [
      lock(1, 9, { low: true }),
      lock(2, 80, { heard: { at: now - 8 * dayMs, percent: 80 } }),
      lock(3, 12),
      lock(4, 80, { heard: { at: now - 30 * dayMs, percent: 80 } }),
      lock(5, null),
      lock(6, 50, { readings: [] }),
      lock(7, 11),
    ];
    for (const at of [0, 1, 2, 3, 4, 5, 6])
      expect(
        joinBatteryLists([batteryListOf(states.slice(at), now), batteryListOf(states.slice(0, at), now)]),
      ).toEqual(batteryListOf(states, now));
  });
});
