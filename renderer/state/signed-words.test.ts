import { expect, test } from 'vitest';
import * as scene from '#support/store-scene.ts';
import { changedWords, foundWords, listedRows, signedRows } from './signed-words.ts';

const hour = 60 * 60_000;
const rowsOf = (...agos: readonly number[]) =>
  signedRows(
    agos.map((ago) => scene.sweepSigned(ago, 'Mara Lind')),
    foundWords,
    scene.sceneNow,
  );

test('a lock that is heard open is none that nobody has confirmed', () => {
  const found = { heardLocked: 8, seenLocked: 2, notLocked: 3 };
  expect(foundWords({ ...found, heardOpen: 1 })).toBe(
    '8 heard locked, 2 seen locked, 1 heard open, 2 not confirmed',
  );
  expect(foundWords({ ...found, heardOpen: 0 })).toBe('8 heard locked, 2 seen locked, 3 not confirmed');
  // A release before this one did not tell them apart.
  expect(foundWords(found)).toBe('8 heard locked, 2 seen locked, 3 not confirmed');
  expect(changedWords({ changed: 1, left: 0 })).toBe('one changed, none left');
});

test('all that were signed within 12 hours are said, else the last one alone', () => {
  expect(rowsOf(hour, 3 * hour, 17 * hour)).toMatchObject([
    { recent: true, when: '13:30' },
    { recent: true, when: '11:30' },
  ]);
  expect(rowsOf(17 * hour, 40 * hour)).toMatchObject([
    { recent: false, when: 'Tue 21:30', name: 'Mara Lind' },
  ]);
  expect(rowsOf(200 * hour)).toMatchObject([{ recent: false, when: '24 Feb' }]);
  expect(rowsOf()).toEqual([]);
});

test('who is not known any more, and a time that nobody knows, are said to be so', () => {
  const unknown = { ...scene.sweepSigned(0, null), at: null };
  expect(signedRows([unknown], foundWords, scene.sceneNow)).toMatchObject([
    { recent: false, when: 'time not known', name: 'Person no longer known' },
  ]);
});

test('of more than five the newest are listed, and all are counted', () => {
  const seven = rowsOf(...[1, 2, 3, 4, 5, 6, 7].map((ago) => ago * hour));
  expect(seven.filter(({ recent }) => recent)).toHaveLength(7);
  expect(listedRows(seven)).toEqual({ listed: seven.slice(0, 5), earlier: 2 });
  expect(listedRows(seven.slice(2))).toMatchObject({ earlier: 0 });
  expect(listedRows([])).toEqual({ listed: [], earlier: 0 });
});
