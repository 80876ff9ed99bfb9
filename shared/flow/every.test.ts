import { expect, test } from 'vitest';
import { every } from './every.ts';

/** Runs what is due when told to. */
const createTimer = () => {
  let due: (() => void) | null = null;
  return {
    after: (_ms: number, task: () => void) => {
      due = task;
      return () => (due = null);
    },
    pass: () => due?.(),
  };
};

test('a task is run each time, not at once, and no more once it is ended', () => {
  const timer = createTimer();
  let runs = 0;
  const end = every(timer, 10, () => (runs += 1));
  expect(runs).toBe(0);
  timer.pass();
  timer.pass();
  expect(runs).toBe(2);
  end();
  timer.pass();
  expect(runs).toBe(2);
});

test('a task may end it, and one that throws is run again', () => {
  const timer = createTimer();
  let runs = 0;
  const end = every(timer, 10, () => {
    runs += 1;
    if (runs === 1) throw new Error('broke');
    end();
  });
  expect(() => timer.pass()).toThrow('broke');
  timer.pass();
  timer.pass();
  expect(runs).toBe(2);
});
