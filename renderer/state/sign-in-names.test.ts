import { expect, test } from 'vitest';
import { lettersOf, shortNames, startsWith } from './sign-in-names.ts';

test('a letter finds first names and last names, with and without marks', () => {
  expect(lettersOf(['Élodie Martin', 'emma Stone'])).toEqual(['E', 'M', 'S']);
  expect(startsWith('Élodie Martin', 'E')).toBe(true);
  expect(startsWith('Élodie Martin', 'L')).toBe(false);
});

test.each([
  [
    ['Maya Lindqvist', 'Tom Okafor'],
    ['Maya L.', 'Tom O.'],
  ],
  [
    ['Ines Marin', 'Ines Moreau', 'Ines'],
    ['Ines Ma.', 'Ines Mo.', 'Ines'],
  ],
  [
    ['Ana Li', 'Ana Lima'],
    ['Ana Li', 'Ana Lim.'],
  ],
  [['Ana Maria de Souza'], ['Ana S.']],
  [
    ['Front counter', 'Élodie Martin'],
    ['Front counter', 'Élodie M.'],
  ],
  [
    ['Jo Ann Lee', 'Jo Bea Lee'],
    ['Jo Ann Lee', 'Jo Bea Lee'],
  ],
])('who stands before the shop is %j and reads as %j', (names, short) => {
  expect([...shortNames(names).values()]).toEqual(short);
});
