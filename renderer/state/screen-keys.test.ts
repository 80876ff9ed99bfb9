import { expect, test } from 'vitest';
import { languages } from '#shared/models/language.ts';
import { afterKey, capitalOf, keyBoards } from './screen-keys.ts';

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

const own = { en: '', fr: 'àçèéê', de: 'ßäöü', es: 'áéíñóú' };
test.each(languages)(
  '%s: has every letter and digit once, the dash of names and codes, and its own letters',
  (language) => {
    const { rows, marked } = keyBoards[language];
    expect([...rows.flat(), ...marked].sort().join('')).toBe(
      `-0123456789abcdefghijklmnopqrstuvwxyz${own[language]}`,
    );
  },
);

test('Shift writes one capital, or the letter itself where it has none', () => {
  expect(['a', 'é', 'ñ', 'ß', '1', '-'].map(capitalOf)).toEqual(['A', 'É', 'Ñ', 'ß', '1', '-']);
});
