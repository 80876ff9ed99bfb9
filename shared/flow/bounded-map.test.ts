import { expect, test } from 'vitest';
import { createBoundedMap } from './bounded-map.ts';

test('beyond its bound the entry that was set longest ago goes, and setting one again counts', () => {
  const map = createBoundedMap<string, number>(2);
  map.set('a', 1).set('b', 2).set('a', 3);
  expect([...map]).toEqual([
    ['b', 2],
    ['a', 3],
  ]);
  map.set('c', 4);
  expect([...map.keys()]).toEqual(['a', 'c']);
  map.delete('a');
  map.set('d', 5);
  expect([...map.values()]).toEqual([4, 5]);
});
