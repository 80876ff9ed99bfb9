import { expect, test as base } from 'vitest';
import { createPreparing } from './preparing.ts';

const test = base
  .extend('time', () => {
    let now = 0;
    let timers: { at: number; task: () => void }[] = [];
    return {
      now: () => now,
      after: (ms: number, task: () => void) => {
        const timer = { at: now + ms, task };
        timers.push(timer);
        return () => {
          timers = timers.filter((other) => other !== timer);
        };
      },
      pass: (ms: number): void => {
        now += ms;
        const due = timers.filter(({ at }) => at <= now);
        timers = timers.filter(({ at }) => at > now);
        for (const { task } of due) task();
      },
    };
  })
  .extend('pass', ({ time }) => time.pass)
  .extend('asked', (): string[] => [])
  .extend('preparing', ({ time: { now, after }, asked }) =>
    createPreparing({ prepare: (serialNumber) => asked.push(serialNumber), now, after }),
  );

test('a finger on a tile asks at once', ({ asked, preparing }) => {
  preparing.press('a');
  expect(asked).toEqual(['a']);
});

test('a pointer asks only where it lingers', ({ pass, asked, preparing }) => {
  preparing.linger('a', 'pointer');
  pass(100);
  preparing.linger('b', 'pointer');
  pass(100);
  preparing.leave();
  pass(1_000);
  expect(asked).toEqual([]);
  preparing.linger('c', 'pointer');
  pass(120);
  expect(asked).toEqual(['c']);
});

test('the same lock is not asked for again within four seconds', ({ pass, asked, preparing }) => {
  preparing.linger('a', 'focus');
  pass(300);
  preparing.press('a');
  pass(3_000);
  preparing.press('a');
  expect(asked).toEqual(['a']);
  pass(1_000);
  preparing.press('a');
  preparing.press('b');
  expect(asked).toEqual(['a', 'a', 'b']);
});
