import { expect, test } from 'vitest';
import { silentLogger } from '#shared/flow/logger.ts';
import { createEachStore } from './each-store.ts';

const create = () => createEachStore({ what: 'places', logger: silentLogger });
const stores = Array.from({ length: 100 }, (_, at) => `store ${at}`);
const held = () => Promise.reject(new Error('held'));

test('a store that fails holds up none behind it, and is told', async () => {
  const done = await create()(['one', 'two', 'three'], (storeId) =>
    storeId === 'one' ? held() : Promise.resolve(2),
  );
  expect(done).toEqual({ count: 4, left: new Set(['one']), failed: new Set(['one']) });
});

test('where all fail it is the database: it is given up soon, and everything is left', async () => {
  let tried = 0;
  const fail = () => Promise.reject(new Error(`away ${(tried += 1)}`));
  expect((await create()(stores, fail)).left.size).toBe(stores.length);
  expect(tried).toBe(20);
});

test('stores that always fail starve none behind them, however many they are', async () => {
  const each = create();
  const bad = new Set(stores.slice(0, 60));
  let left: ReadonlySet<string> = new Set(stores);
  for (let walk = 0; walk < 4; walk += 1)
    left = (await each(left, (storeId) => (bad.has(storeId) ? held() : Promise.resolve(1)))).left;
  expect(left).toEqual(bad);
});

test('of those that failed the one that was tried longest ago comes first', async () => {
  const each = create();
  await each(stores, held);
  await each(stores.slice(0, 40), held);
  // All were tried by now, and the first of them are well again.
  const tried: string[] = [];
  const { left } = await each(stores.slice(0, 40), (storeId) => {
    tried.push(storeId);
    return Number(storeId.slice(6)) < 20 ? Promise.resolve(1) : held();
  });
  expect(tried.slice(0, 20)).toEqual(stores.slice(0, 20));
  expect(left.size).toBe(20);
});

test('some that fail here and there do not end the walk', async () => {
  const { count } = await create()(stores, (storeId) =>
    storeId.endsWith('0') || storeId.endsWith('5') || Number(storeId.slice(6)) % 3 === 0
      ? held()
      : Promise.resolve(1),
  );
  expect(count).toBe(53);
});

test('it ends between two stores where it is stopped', async () => {
  const stop = new AbortController();
  const work = (storeId: string) => {
    if (storeId === 'store 2') stop.abort();
    return Promise.resolve(1);
  };
  const done = await create()(stores, work, { stop: stop.signal, pauseMs: 1 });
  expect([done.count, done.left.size]).toEqual([3, 97]);
});
