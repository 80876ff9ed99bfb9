import { expect, test } from 'vitest';
import { givenRoles } from '#shared/rights/model.ts';
import { roleWords } from './role-words.ts';

test('given roles have words, own ones their names, and what is not known here says nothing', () => {
  expect(roleWords([])).toBe('');
  expect(roleWords([{ roleId: 'lead', name: null }])).toBe('Lead');
  expect(
    roleWords([
      { roleId: 'associate', name: null },
      { roleId: 'keyholder', name: 'Key holder' },
      { roleId: 'of-tomorrow', name: null },
    ]),
  ).toBe('Associate and Key holder');
  expect(roleWords([{ roleId: 'constructor', name: null }])).toBe('');
});

test.each(Object.keys(givenRoles))('the role %s has words of its own', (roleId) => {
  expect(roleWords([{ roleId, name: null }])).toMatch(/^[A-Z]/);
});
