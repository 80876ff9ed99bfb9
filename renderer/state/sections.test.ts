import { expect, it } from 'vitest';
import * as scene from '#support/store-scene.ts';
import { openableAtOnce, sectionsOf } from './sections.ts';
import { byPlace } from './tile-order.ts';

const serials = (n: number, from = 1): string[] =>
  Array.from({ length: n }, (_, at) => scene.serialOf(from + at));

it('puts the locks of a group together, in their places, and those of no group last', () => {
  const locks = [
    scene.tile(5, 'Door', '', 'here'),
    scene.tile(2, 'Hook 10', 'Razors', 'far'),
    scene.tile(4, 'Case', 'Perfume', 'near'),
    scene.tile(3, 'Hook 2', 'Razors', null),
  ].sort(byPlace);
  expect(sectionsOf(locks).map(({ group, locks: of }) => [group, of.map(({ name }) => name)])).toEqual([
    ['Perfume', ['Case']],
    ['Razors', ['Hook 2', 'Hook 10']],
    ['', ['Door']],
  ]);
  expect(sectionsOf([])).toEqual([]);
});

it('keeps groups apart whose names differ in case alone, whatever their locks are called', () => {
  const locks = [
    scene.tile(1, 'B', 'spirits', 'here'),
    scene.tile(2, 'A', 'Spirits', 'here'),
    scene.tile(3, 'A', 'spirits', 'here'),
    scene.tile(4, 'B', 'Spirits', 'here'),
  ];
  const groups = (of: typeof locks): string[] => sectionsOf([...of].sort(byPlace)).map(({ group }) => group);
  expect(groups(locks)).toEqual(['Spirits', 'spirits']);
  expect(groups(locks.map((lock) => ({ ...lock, name: lock.group === 'spirits' ? '1' : '2' })))).toEqual([
    'Spirits',
    'spirits',
  ]);
});

it('opens at once what is at arm’s length and may be opened, fifty at the most, and never a lock of no group', () => {
  const here = (count: number, group = 'Razors') => ({
    group,
    locks: serials(count).map((_, at) => scene.tile(at + 1, `Hook ${at + 1}`, group, 'here')),
  });
  expect(openableAtOnce(here(3))).toEqual(serials(3));
  expect(openableAtOnce(here(60))).toEqual(serials(50));
  expect(openableAtOnce(here(1))).toEqual([]);
  expect(openableAtOnce(here(3, ''))).toEqual([]);
  const obstacle = { code: 'lock.no_key', params: { serialNumber: scene.serialOf(2) } } as const;
  const [first, second, third] = here(3).locks;
  if (!first || !second || !third) throw new Error('there are three');
  const locks = [first, { ...second, obstacle }, { ...third, proximity: 'near' as const }];
  expect(openableAtOnce({ group: 'Razors', locks })).toEqual([]);
});
