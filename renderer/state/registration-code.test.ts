import fc from 'fast-check';
import { expect, it } from 'vitest';
import { registrationCodeSchema } from '#shared/http/registration-code.ts';
import { groupCode, missingCharacters } from './registration-code.ts';

it('groups what is typed or pasted, and leaves out what no code contains', () => {
  expect(groupCode('abcd efgh')).toBe('ABCD-EFGH');
  expect(groupCode('ABCDE')).toBe('ABCD-E');
  expect(groupCode('o0i1-abcd')).toBe('ABCD');
  expect(missingCharacters('ABCD-E')).toBe(11);
});

it('whatever is typed, a whole code is one that the backend can read, and grouping it again changes nothing', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 60 }), (typed) => {
      const code = groupCode(typed);
      expect(groupCode(code)).toBe(code);
      expect(registrationCodeSchema.safeParse(code).success).toBe(missingCharacters(code) === 0);
    }),
  );
});
