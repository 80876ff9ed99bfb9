import { afterEach, beforeEach, expect, test } from 'vitest';
import { ManualClock } from '../platform/manual-clock.ts';
import { createWaits, openableMs, type Waits } from './waits.ts';

const minute = () => 60_000;

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
  waits.begin('lock', 'ann', minute);
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
  waits.begin('lock', 'ann', minute);
  const { begunAt } = waits.of('lock') ?? {};
  await clock.advance(10_000);
  waits.begin('lock', 'bob', minute);
  expect(waits.of('lock')).toMatchObject({ staffId: 'ann', begunAt });
});

test('a clock that is set shortens none, and sleep counts', async () => {
  waits.begin('lock', 'ann', minute);
  clock.jump(3_600_000);
  await clock.advance(1_000);
  expect(told).toBe(1);
  clock.sleep(60_000);
  await clock.advance(1_000);
  expect(told).toBe(2);
});

test('ends when somebody calls it off, and with the kiosk’s data', async () => {
  waits.begin('lock', 'ann', minute);
  waits.begin('other', 'ann', minute);
  waits.end('lock');
  expect([waits.of('lock'), waits.of('other')?.staffId]).toEqual([null, 'ann']);
  waits.forgetAll();
  expect(waits.of('other')).toBeNull();
  const before = told;
  await clock.advance(600_000);
  expect(told).toBe(before);
});

test('goes by the delay of now: one made longer goes on, one made shorter has lapsed, and can be asked for anew', async () => {
  let delayMs: number | null = 60_000;
  waits.begin('lock', 'ann', () => delayMs);
  await clock.advance(61_000);
  expect(told).toBe(2);
  delayMs = 60_000 + 2 * openableMs;
  await clock.advance(openableMs + 1_000);
  expect([told, waits.of('lock')?.staffId]).toEqual([3, 'ann']);
  await clock.advance(openableMs);
  expect([told, waits.of('lock')?.staffId]).toEqual([4, 'ann']);
  delayMs = 60_000;
  expect(waits.of('lock')).toBeNull();
  waits.begin('lock', 'bob', () => delayMs);
  expect(waits.of('lock')).toMatchObject({ staffId: 'bob', begunAt: clock.sinceBoot() });
  delayMs = null;
  expect(waits.of('lock')).toBeNull();
  await clock.advance(1_000);
  expect(told).toBe(6);
});
