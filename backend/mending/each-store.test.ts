import { expect, test } from 'vitest';
import { silentLogger } from '#kiosk/platform/logger.ts';
import { eachStore } from './each-store.ts';

const steps = { what: 'places', logger: silentLogger };
const stores = Array.from({ length: 100 }, (_, at) => `store ${at}`);

test('a store that fails holds up none behind it, and is told', async () => {
  const done = await eachStore(
    ['one', 'two', 'three'],
    (storeId) => (storeId === 'one' ? Promise.reject(new Error('held')) : Promise.resolve(2)),
    steps,
  );
  expect(done).toEqual({ count: 4, left: new Set(['one']) });
});

test('where all fail it is the database: it is given up soon, and everything is left', async () => {
  let tried = 0;
  const fail = () => Promise.reject(new Error(`away ${(tried += 1)}`));
  expect((await eachStore(stores, fail, steps)).left.size).toBe(stores.length);
  expect(tried).toBe(20);
});

test('it ends between two stores where it is stopped', async () => {
  const stop = new AbortController();
  const work = (storeId: string) => {
    if (storeId === 'store 2') stop.abort();
    return Promise.resolve(1);
  };
  const done = await eachStore(stores, work, { ...steps, stop: stop.signal, pauseMs: 1 });
  expect([done.count, done.left.size]).toEqual([3, 97]);
});
