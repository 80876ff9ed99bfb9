import { expect, test } from 'vitest';
import { onAbort, untilAborted } from './abort.ts';

test('what is to be done at an abort is done once, when it comes', () => {
  const stopper = new AbortController();
  let done = 0;
  onAbort(stopper.signal, () => (done += 1));
  expect(done).toBe(0);
  stopper.abort();
  stopper.signal.dispatchEvent(new Event('abort'));
  expect(done).toBe(1);
});

test('a signal that is aborted already fires no event any more: it is done at once', () => {
  let done = 0;
  onAbort(AbortSignal.abort(), () => (done += 1));
  expect(done).toBe(1);
});

test('who has ended takes it back, and without a signal there is nothing to take back', () => {
  const stopper = new AbortController();
  let done = 0;
  const act = (): void => {
    done += 1;
  };
  onAbort(stopper.signal, act)();
  onAbort(undefined, act)();
  stopper.abort();
  expect(done).toBe(0);
});

test('whoever is stopped has an answer at once, and what they waited for fails for nobody', async () => {
  const stopper = new AbortController();
  const { promise, reject } = Promise.withResolvers<string>();
  const answer = untilAborted(stopper.signal, promise, () => 'stopped');
  stopper.abort();
  expect(await answer).toBe('stopped');
  expect(await untilAborted(AbortSignal.abort(), promise, () => 'stopped')).toBe('stopped');
  reject(new Error('nobody hears it'));
  await Promise.resolve();
});

test('who is not stopped gets what they wait for, well or not', async () => {
  const { signal } = new AbortController();
  expect(await untilAborted(signal, Promise.resolve('there'), () => 'stopped')).toBe('there');
  expect(await untilAborted(undefined, Promise.resolve('there'), () => 'stopped')).toBe('there');
  const broken = Promise.reject(new Error('broke'));
  await expect(untilAborted(signal, broken, () => 'stopped')).rejects.toThrow('broke');
});
