import { expect, test as base } from 'vitest';
import { ManualClock } from '../platform/manual-clock.ts';
import { createWaits, openableMs } from './waits.ts';

const minute = () => 60_000;

const test = base
  .extend('clock', () => new ManualClock())
  .extend('waits', ({ clock }, { onCleanup }) => {
    const waits = createWaits(clock);
    onCleanup(() => waits.dispose());
    return waits;
  })
  /** How often it has told that something changed. */
  .extend('told', ({ waits }) => {
    const told = { times: 0 };
    waits.changed$.subscribe(() => (told.times += 1));
    return told;
  });

test('tells that it begins, that its delay is over, and that it has lapsed', async ({
  clock,
  waits,
  told,
}) => {
  waits.begin('lock', 'ann', minute);
  expect([told.times, waits.of('lock')?.staffId]).toEqual([1, 'ann']);
  await clock.advance(59_000);
  expect(told.times).toBe(1);
  await clock.advance(2_000);
  expect(told.times).toBe(2);
  await clock.advance(openableMs);
  expect([told.times, waits.of('lock')]).toEqual([3, null]);
  await clock.advance(openableMs);
  expect(told.times).toBe(3);
});

test('one that goes on is not begun anew, by whomever', async ({ clock, waits }) => {
  waits.begin('lock', 'ann', minute);
  const { begunAt } = waits.of('lock') ?? {};
  await clock.advance(10_000);
  waits.begin('lock', 'bob', minute);
  expect(waits.of('lock')).toMatchObject({ staffId: 'ann', begunAt });
});

test('a clock that is set shortens none, and sleep counts', async ({ clock, waits, told }) => {
  waits.begin('lock', 'ann', minute);
  clock.jump(3_600_000);
  await clock.advance(1_000);
  expect(told.times).toBe(1);
  clock.sleep(60_000);
  await clock.advance(1_000);
  expect(told.times).toBe(2);
});

test('ends when somebody calls it off, and with the kiosk’s data', async ({ clock, waits, told }) => {
  waits.begin('lock', 'ann', minute);
  waits.begin('other', 'ann', minute);
  waits.end('lock');
  expect([waits.of('lock'), waits.of('other')?.staffId]).toEqual([null, 'ann']);
  waits.forgetAll();
  expect(waits.of('other')).toBeNull();
  const before = told.times;
  await clock.advance(600_000);
  expect(told.times).toBe(before);
});

test('goes by the delay of now: one made longer goes on, one made shorter has lapsed, and can be asked for anew', async ({
  clock,
  waits,
  told,
}) => {
  let delayMs: number | null = 60_000;
  waits.begin('lock', 'ann', () => delayMs);
  await clock.advance(61_000);
  expect(told.times).toBe(2);
  delayMs = 60_000 + 2 * openableMs;
  await clock.advance(openableMs + 1_000);
  expect([told.times, waits.of('lock')?.staffId]).toEqual([3, 'ann']);
  await clock.advance(openableMs);
  expect([told.times, waits.of('lock')?.staffId]).toEqual([4, 'ann']);
  delayMs = 60_000;
  expect(waits.of('lock')).toBeNull();
  waits.begin('lock', 'bob', () => delayMs);
  expect(waits.of('lock')).toMatchObject({ staffId: 'bob', begunAt: clock.sinceBoot() });
  delayMs = null;
  expect(waits.of('lock')).toBeNull();
  await clock.advance(1_000);
  expect(told.times).toBe(6);
});
