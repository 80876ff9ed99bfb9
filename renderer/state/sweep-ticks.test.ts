import { expect, test } from 'vitest';
import * as scene from '#support/store-scene.ts';
import { createSweepTicks, sweepList, tickedForMs } from './sweep-ticks.ts';

const now = scene.sceneNow;

test('what a person has seen is kept for them alone, until they sign it or it is long ago', () => {
  const ticks = createSweepTicks();
  ticks.set('maya', new Set(['a']), now);
  expect([...ticks.of('maya', now + tickedForMs - 1)]).toEqual(['a']);
  expect([...ticks.of('tom', now)]).toEqual([]);
  expect([...ticks.of('maya', now + tickedForMs)]).toEqual([]);
  ticks.clear('maya');
  expect([...ticks.of('maya', now)]).toEqual([]);
});

test('each is kept for its own time, and for no lock that has been opened since', () => {
  const ticks = createSweepTicks();
  ticks.set('maya', new Set(['a', 'b']), now);
  ticks.set('tom', new Set(['b']), now);
  ticks.set('maya', new Set(['a', 'b', 'c']), now + tickedForMs - 1);
  expect([...ticks.of('maya', now + tickedForMs)]).toEqual(['c']);
  ticks.opened('b');
  expect([...ticks.of('maya', now), ...ticks.of('tom', now)]).toEqual(['a', 'c']);
});

test('a lock is open, silent or locked; what is open cannot be seen locked', () => {
  const locks = [
    scene.tile(1, 'Open', '', 'here', { boltOpen: true }),
    scene.tile(2, 'Seen', '', null),
    scene.tile(3, 'Unseen', '', null),
    scene.tile(4, 'Locked', '', 'far'),
    scene.tile(5, 'New, it says', '', 'far', { boltOpen: null }),
  ];
  const { open, silent, locked, left } = sweepList(locks, new Set([scene.serialOf(1), scene.serialOf(2)]));
  expect([open.map(({ name }) => name), silent.map(({ name }) => name), locked, left]).toEqual([
    ['Open'],
    ['Seen', 'Unseen', 'New, it says'],
    1,
    3,
  ]);
});
