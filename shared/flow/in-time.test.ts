import { expect, test } from 'vitest';
import { inTime, type Timer } from './in-time.ts';

/** A timer that runs out when told to. */
const createTimer = (): Timer & { runOut(): void; readonly isSet: boolean } => {
  let due: (() => void) | null = null;
  return {
    after: (_ms, task) => {
      due = task;
      return () => {
        due = null;
      };
    },
    runOut: () => due?.(),
    get isSet() {
      return due !== null;
    },
  };
};

test('what is there in time is handed on, and the timer is taken back', async () => {
  const timer = createTimer();
  expect(await inTime(timer, 10, Promise.resolve('there'), () => 'late')).toBe('there');
  await Promise.resolve();
  expect(timer.isSet).toBe(false);
});

test('a failure in time is a rejection, and the timer is taken back', async () => {
  const timer = createTimer();
  await expect(inTime(timer, 10, Promise.reject(new Error('broke')), () => 'late')).rejects.toThrow('broke');
  await Promise.resolve();
  expect(timer.isSet).toBe(false);
});

test('what is late is answered for, and fails for nobody', async () => {
  const timer = createTimer();
  const { promise, reject } = Promise.withResolvers<string>();
  const answer = inTime(timer, 10, promise, () => 'late');
  timer.runOut();
  expect(await answer).toBe('late');
  reject(new Error('nobody hears it'));
  await Promise.resolve();
});
