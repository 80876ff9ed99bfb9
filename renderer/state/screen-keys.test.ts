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

const neighbours = { en: 'áçèéíñóöúü', fr: 'âæëîïôùûüÿœ', de: 'àáçèéêñó', es: '¡ªº¿àçèïòü' };
test.each(languages)(
  '%s: one key leads to the signs of names and addresses, and to letters of the neighbours',
  (language) => {
    const { rows, more } = keyBoards[language];
    expect(more).toHaveLength(rows.length);
    expect(more.every((row) => row.length <= 11)).toBe(true);
    const signs = `!"#%&'()*+,-./0123456789:?@_°’`;
    expect([...more.flat()].sort()).toEqual(Array.from(signs + neighbours[language]).sort());
  },
);

test.each([
  ['en', 'Café & Co., No. 4/2 (left)'],
  ['fr', 'Vitrine d’angle, côté entrée, cœur'],
  ['de', 'Café-Regal, 2. Reihe (Süd)'],
  ['es', 'Vitrina n.º 3, ¿pingüino?'],
] as const)('%s: “%s” can be written with a finger', (language, name) => {
  const { rows, marked, more } = keyBoards[language];
  const all = new Set(
    [...rows.flat(), ...marked, ...more.flat(), ' '].flatMap((key) => [key, capitalOf(key)]),
  );
  expect(Array.from(name).filter((key) => !all.has(key))).toEqual([]);
});

test('Shift writes one capital, or the letter itself where it has none', () => {
  expect(['a', 'é', 'ñ', 'ß', '1', '-'].map(capitalOf)).toEqual(['A', 'É', 'Ñ', 'ß', '1', '-']);
});
