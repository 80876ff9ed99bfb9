import { expect, it } from 'vitest';
import { nextName } from './next-name.ts';

it.each([
  ['Razor hook 9', 1, 'Razor hook 10'],
  ['Bay 2 hook 07', 1, 'Bay 2 hook 08'],
  ['Case 3b', 2, 'Case 5b'],
  ['Spirits', 1, null],
  ['', 1, null],
])('after "%s" (+%s) comes "%s"', (name, step, next) => expect(nextName(name, step)).toBe(next));
