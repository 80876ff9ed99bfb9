import { describe, expect, it } from 'vitest';
import { staffSchema, storeSchema } from './documents.ts';
import { compareNames, languageOf } from './language.ts';

const store = {
  storeId: '00000000-0000-4000-8000-000000000001',
  name: 'Northgate',
  policy: { offlineLeaseHours: 168, idleSignOutSeconds: 120, holdOpenSeconds: 5 },
  version: 1,
};
const person = {
  staffId: '00000000-0000-4000-8000-000000000002',
  name: 'Maya Lindqvist',
  pin: { n: 1, r: 1, p: 1, salt: '', hash: '' },
  version: 1,
};

describe('the language of a document', () => {
  it.each([
    ['a store', storeSchema, store],
    ['a person', staffSchema, person],
  ] as const)(
    'of %s: none, one of ours, and one that only a later release speaks, keep nothing out',
    (_of, schema, row) => {
      expect(schema.parse({ ...row, language: 'fr' })).toEqual({ ...row, language: 'fr' });
      for (const language of [undefined, null, 'it', 7]) {
        const read = schema.parse({ ...row, language });
        expect(read.name).toBe(row.name);
        expect(languageOf(read)).toBe('en');
      }
    },
  );
});

describe('the order of names', () => {
  it('has numbers in their order, capitals beside small letters, and nothing the same that is not', () => {
    const names = ['Hook 10', 'spirits', 'Hook 2', 'Spirits', 'hook 3'];
    expect(names.sort((a, b) => compareNames('en', a, b))).toEqual([
      'Hook 2',
      'hook 3',
      'Hook 10',
      'Spirits',
      'spirits',
    ]);
    expect(compareNames('de', 'Spirits', 'spirits')).not.toBe(0);
  });

  it('is the language’s', () => {
    expect(compareNames('es', 'Ñu', 'Nube')).toBeGreaterThan(0);
    expect(compareNames('de', 'Ñu', 'Nube')).toBeLessThan(0);
  });
});
