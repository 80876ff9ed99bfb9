import { expect, test } from 'vitest';
import {
  calledWords,
  initialsOf,
  lettersOf,
  pairOf,
  shortNames,
  shownNames,
  startsWith,
} from './sign-in-names.ts';

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

test('people who are called the same have their employee numbers beside their names, and nobody else has', () => {
  const shown = shownNames([
    { staffId: 'a', name: 'Maya Lindqvist', employeeNumber: '1042' },
    { staffId: 'b', name: 'Maya Lindqvist', employeeNumber: '2077' },
    { staffId: 'c', name: 'Maya Lindqvist' },
    { staffId: 'd', name: 'Tom Okafor', employeeNumber: '3001' },
  ]);
  expect(Object.fromEntries(shown)).toEqual({
    a: { short: 'Maya L.', number: '1042' },
    b: { short: 'Maya L.', number: '2077' },
    c: { short: 'Maya L.', number: '' },
    d: { short: 'Tom O.', number: '' },
  });
  expect([...shown.values()].map(calledWords)).toEqual([
    'Maya L. (1042)',
    'Maya L. (2077)',
    'Maya L.',
    'Tom O.',
  ]);
});

test('two people are called by their first names, where those tell them apart', () => {
  expect(pairOf('Amara Okafor', 'Priya Nair')).toEqual({ one: 'Amara', other: 'Priya' });
  expect(pairOf('Ana Lima', 'Ana Li')).toEqual({ one: 'Ana Lima', other: 'Ana Li' });
});

test.each([
  ['Front counter', 'FC'],
  ['  Élodie  de Souza ', 'ÉS'],
  ['Maya', 'M'],
  ['E\u0301mile 𠮷田', 'E\u0301𠮷'],
  ['?', '?'],
])('the letters that stand for %j are %j', (name, letters) => {
  expect(initialsOf(name)).toBe(letters);
});
