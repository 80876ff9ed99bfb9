import { expect, test } from 'vitest';
import { onAbort } from './abort.ts';

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
