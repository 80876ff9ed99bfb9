import { expect, test } from 'vitest';
import { createLanes } from './lanes.ts';

test('so many pieces of work run at once, and no more, also where some fail', async () => {
  const lanes = createLanes(2);
  const open: (() => void)[] = [];
  const begun: number[] = [];
  const work = (n: number) => (): Promise<number> =>
    new Promise((resolve, reject) => {
      begun.push(n);
      open.push(() => (n === 1 ? reject(new Error('no')) : resolve(n)));
    });
  const all = Promise.allSettled([0, 1, 2, 3].map((n) => lanes.add(work(n))));
  const hasBegun = (count: number) => expect.poll(() => begun.length, { timeout: 10_000 }).toBe(count);
  await hasBegun(2);
  open[1]?.();
  await hasBegun(3);
  open[0]?.();
  await hasBegun(4);
  open[2]?.();
  open[3]?.();
  expect((await all).map(({ status }) => status)).toEqual([
    'fulfilled',
    'rejected',
    'fulfilled',
    'fulfilled',
  ]);
  expect(begun.slice(0, 2)).toEqual([0, 1]);
});
