import { expect, test } from 'vitest';
import * as scene from '#support/store-scene.ts';
import { sweepList } from './sweep-list.ts';

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
