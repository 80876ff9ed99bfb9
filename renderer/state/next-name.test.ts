import { expect, it } from 'vitest';
import { namesAfter, nextName } from './next-name.ts';

it.each([
  ['Razor hook 9', 1, 'Razor hook 10'],
  ['Bay 2 hook 07', 1, 'Bay 2 hook 08'],
  ['Case 3b', 2, 'Case 5b'],
  ['Spirits', 1, null],
  ['', 1, null],
])('after "%s" (+%s) comes "%s"', (name, step, next) => expect(nextName(name, step)).toBe(next));

it('the rest of a row of hooks is numbered on from the first, where that has a number', () => {
  expect(namesAfter('Hook 9', 3)).toEqual(['Hook 10', 'Hook 11', 'Hook 12']);
  expect(namesAfter('Bay 02, left', 1)).toEqual(['Bay 03, left']);
  expect(namesAfter('Hook', 3)).toBeNull();
  expect(namesAfter('Hook 1', 0)).toBeNull();
});
