import { expect, test } from 'vitest';
import { rolesAndPlaces } from './assigned-words.ts';

const lead = { roleId: 'lead', name: null };
const named = { district: 'North', organisation: 'Harbour Retail' };

test('each role says where it was given, and twice where it was given twice', () => {
  expect(rolesAndPlaces([{ ...lead, at: ['store'] }], named)).toBe('Lead at this store');
  expect(rolesAndPlaces([{ roleId: 'manager', name: null, at: ['district'] }], named)).toBe(
    'Manager in district North',
  );
  expect(rolesAndPlaces([{ roleId: 'night', name: 'Night shift', at: ['organisation'] }], named)).toBe(
    'Night shift in all stores of Harbour Retail',
  );
  expect(rolesAndPlaces([{ ...lead, at: ['store', 'district'] }], named)).toBe(
    'Lead at this store and Lead in district North',
  );
});

test('what has no name is said without one, and what nobody has told is not said', () => {
  expect(rolesAndPlaces([{ ...lead, at: ['district', 'organisation'] }], {})).toBe(
    'Lead in this store’s district and Lead in all stores',
  );
  expect(rolesAndPlaces([{ ...lead, at: [] }], named)).toBe('Lead');
  expect(rolesAndPlaces([{ roleId: 'of-tomorrow', name: null, at: ['store'] }], named)).toBe('');
  expect(rolesAndPlaces([], named)).toBe('');
});
