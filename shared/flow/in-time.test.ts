import { expect, test } from 'vitest';
import { inTime, onLimit, type Limit, type Timer } from './in-time.ts';

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
  expect(await inTime({ timer, ms: 10 }, Promise.resolve('there'), () => 'late')).toBe('there');
  await Promise.resolve();
  expect(timer.isSet).toBe(false);
});

test('a failure in time is a rejection, and the timer is taken back', async () => {
  const timer = createTimer();
  const broken = Promise.reject(new Error('broke'));
  await expect(inTime({ timer, ms: 10 }, broken, () => 'late')).rejects.toThrow('broke');
  await Promise.resolve();
  expect(timer.isSet).toBe(false);
});

test('what is late is answered for, and fails for nobody', async () => {
  const timer = createTimer();
  const { promise, reject } = Promise.withResolvers<string>();
  const answer = inTime({ timer, ms: 10 }, promise, (limit) => limit);
  timer.runOut();
  expect(await answer).toBe('late');
  reject(new Error('nobody hears it'));
  await Promise.resolve();
});

test('whoever leaves is answered at once, and the timer is taken back', async () => {
  const timer = createTimer();
  const stopper = new AbortController();
  const answer = inTime(
    { timer, ms: 10, signal: stopper.signal },
    new Promise(() => undefined),
    (limit) => limit,
  );
  stopper.abort();
  expect(timer.isSet).toBe(false);
  expect(await answer).toBe('stopped');
});

test('for whoever has left already no timer is set', () => {
  const timer = createTimer();
  const seen: Limit[] = [];
  onLimit({ timer, ms: 10, signal: AbortSignal.abort() }, (limit) => seen.push(limit));
  expect(seen).toEqual(['stopped']);
  expect(timer.isSet).toBe(false);
});

test('one limit is told, the one that came first; and none once it is taken back', () => {
  const timer = createTimer();
  const stopper = new AbortController();
  const seen: Limit[] = [];
  const limits = { timer, ms: 10, signal: stopper.signal };
  onLimit(limits, (limit) => seen.push(limit));
  timer.runOut();
  onLimit(limits, (limit) => seen.push(limit))();
  stopper.abort();
  timer.runOut();
  expect(seen).toEqual(['late']);
});
