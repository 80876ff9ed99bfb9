import { afterEach, beforeEach, expect, test } from 'vitest';
import { ManualClock } from '../platform/manual-clock.ts';
import { createWaits, openableMs, type Waits } from './waits.ts';

let clock: ManualClock;
let waits: Waits;
let told: number;
beforeEach(() => {
  clock = new ManualClock();
  waits = createWaits(clock);
  told = 0;
  waits.changed$.subscribe(() => (told += 1));
});
afterEach(() => waits.dispose());

test('tells that it begins, that its delay is over, and that it has lapsed', async () => {
  waits.begin('lock', 'ann', 60_000);
  expect([told, waits.of('lock')?.staffId]).toEqual([1, 'ann']);
  await clock.advance(59_000);
  expect(told).toBe(1);
  await clock.advance(2_000);
  expect(told).toBe(2);
  await clock.advance(openableMs);
  expect([told, waits.of('lock')]).toEqual([3, null]);
  await clock.advance(openableMs);
  expect(told).toBe(3);
});

test('one that goes on is not begun anew, by whomever', async () => {
  waits.begin('lock', 'ann', 60_000);
  const { begunAt } = waits.of('lock') ?? {};
  await clock.advance(10_000);
  waits.begin('lock', 'bob', 60_000);
  expect(waits.of('lock')).toMatchObject({ staffId: 'ann', begunAt });
});

test('a clock that is set shortens none, and sleep counts', async () => {
  waits.begin('lock', 'ann', 60_000);
  clock.jump(3_600_000);
  await clock.advance(1_000);
  expect(told).toBe(1);
  clock.sleep(60_000);
  await clock.advance(1_000);
  expect(told).toBe(2);
});

test('ends when somebody calls it off, and with the kiosk’s data', async () => {
  waits.begin('lock', 'ann', 60_000);
  waits.begin('other', 'ann', 60_000);
  waits.end('lock');
  expect([waits.of('lock'), waits.of('other')?.staffId]).toEqual([null, 'ann']);
  waits.forgetAll();
  expect(waits.of('other')).toBeNull();
  const before = told;
  await clock.advance(600_000);
  expect(told).toBe(before);
});
