import { expect, test } from 'vitest';
import * as scene from '#support/store-scene.ts';
import { createTicks, tickedForMs } from './ticks.ts';

const now = scene.sceneNow;

test('what a person has seen is kept for them alone, until they sign it or it is long ago', () => {
  const ticks = createTicks();
  ticks.set('maya', new Set(['a']), now);
  expect([...ticks.of('maya', now + tickedForMs - 1)]).toEqual(['a']);
  expect([...ticks.of('tom', now)]).toEqual([]);
  expect([...ticks.of('maya', now + tickedForMs)]).toEqual([]);
  ticks.clear('maya');
  expect([...ticks.of('maya', now)]).toEqual([]);
});

test('each is kept for its own time, and for no lock that has been opened since', () => {
  const ticks = createTicks();
  ticks.set('maya', new Set(['a', 'b']), now);
  ticks.set('tom', new Set(['b']), now);
  ticks.set('maya', new Set(['a', 'b', 'c']), now + tickedForMs - 1);
  expect([...ticks.of('maya', now + tickedForMs)]).toEqual(['c']);
  ticks.opened('b');
  expect([...ticks.of('maya', now), ...ticks.of('tom', now)]).toEqual(['a', 'c']);
});
