import { expect, test } from 'vitest';
import { createQueue } from './queue.ts';

test('work begins when all that was added before it has ended, well or not', async () => {
  const queue = createQueue();
  const seen: string[] = [];
  const { promise: held, reject } = Promise.withResolvers<never>();
  const first = queue.add(async () => {
    seen.push('first begins');
    await held.finally(() => seen.push('first ends'));
  });
  const second = queue.add(() => {
    seen.push('second');
    return Promise.resolve(2);
  });
  await Promise.resolve();
  expect(seen).toEqual(['first begins']);
  reject(new Error('broke'));
  await expect(first).rejects.toThrow('broke');
  expect(await second).toBe(2);
  expect(seen).toEqual(['first begins', 'first ends', 'second']);
});

test('work that throws before it waits is a rejection, and the next one runs', async () => {
  const queue = createQueue();
  const thrown = queue.add(() => {
    throw new Error('at once');
  });
  await expect(thrown).rejects.toThrow('at once');
  expect(await queue.add(() => Promise.resolve(1))).toBe(1);
});

test('a queue is idle when what was added by now has ended, and says so without rejecting', async () => {
  const queue = createQueue();
  await queue.idle();
  let ended = 0;
  const one = queue.add(() => Promise.reject(new Error('broke')));
  const other = queue.add(async () => {
    await Promise.resolve();
    ended += 1;
  });
  one.catch(() => undefined);
  await queue.idle();
  expect(ended).toBe(1);
  await other;
});
