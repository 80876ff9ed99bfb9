import { expect, test } from 'vitest';
import { lettersOf, startsWith } from './sign-in-names.ts';

test('a letter finds first names and last names, with and without marks', () => {
  expect(lettersOf(['Élodie Martin', 'emma Stone'])).toEqual(['E', 'M', 'S']);
  expect(startsWith('Élodie Martin', 'E')).toBe(true);
  expect(startsWith('Élodie Martin', 'L')).toBe(false);
});
