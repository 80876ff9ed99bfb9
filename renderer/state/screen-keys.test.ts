import { expect, test } from 'vitest';
import { afterKey, keyRows } from './screen-keys.ts';

test.each([
  ['writes at the caret', 'Hok', 2, 2, { writes: 'o' }, 60, { text: 'Hook', caret: 3 }],
  ['writes over what is selected', 'Lock 9', 0, 4, { writes: 'H' }, 60, { text: 'H 9', caret: 1 }],
  ['erases before the caret', 'Hoook', 3, 3, 'erase', 60, { text: 'Hook', caret: 2 }],
  ['erases what is selected', 'Lock 9', 0, 5, 'erase', 60, { text: '9', caret: 0 }],
  ['erases a character of two units whole', 'a😀', 3, 3, 'erase', 60, { text: 'a', caret: 1 }],
  ['erases nothing at the start', 'ab', 0, 0, 'erase', 60, { text: 'ab', caret: 0 }],
  ['writes no more than the field takes', 'abcd', 4, 4, { writes: 'e' }, 4, { text: 'abcd', caret: 4 }],
] as const)('%s', (_name, text, from, to, key, most, after) => {
  expect(afterKey(text, from, to, key, most)).toEqual(after);
});

test('has every letter and digit once, and the dash of names and codes', () => {
  expect([...keyRows.flat()].sort().join('')).toBe('-0123456789abcdefghijklmnopqrstuvwxyz');
});
