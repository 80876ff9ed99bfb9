import { beforeEach, expect, test } from 'vitest';
import { createPreparing, type Preparing } from './preparing.ts';

let now: number;
let timers: { at: number; task: () => void }[];
let asked: string[];
let preparing: Preparing;

const pass = (ms: number): void => {
  now += ms;
  const due = timers.filter(({ at }) => at <= now);
  timers = timers.filter(({ at }) => at > now);
  for (const { task } of due) task();
};

beforeEach(() => {
  now = 0;
  timers = [];
  asked = [];
  preparing = createPreparing({
    prepare: (serialNumber) => asked.push(serialNumber),
    now: () => now,
    after: (ms, task) => {
      const timer = { at: now + ms, task };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
  });
});

test('a finger on a tile asks at once', () => {
  preparing.press('a');
  expect(asked).toEqual(['a']);
});

test('a pointer asks only where it lingers', () => {
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

test('the same lock is not asked for again within four seconds', () => {
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
