import { expect, test } from 'vitest';
import type { Assignment } from './assignments.ts';
import { takesAway } from './person-values.ts';

const pin = { sealed: 'AA==' };
const lead: Assignment = { roles: ['lead'] };
const auditor: Assignment = { roles: ['auditor'] };
const takes = (before: readonly Assignment[], after: readonly Assignment[], newPin = pin): boolean =>
  takesAway(
    { pin, assignments: [...before] },
    { pin: JSON.stringify(newPin), assignments: JSON.stringify(after) },
  );

test('a new PIN and an assignment that ends or changes take something away; one more does not', () => {
  expect(takes([lead], [lead])).toBe(false);
  expect(takes([lead], [auditor, lead])).toBe(false);
  expect(takes([lead], [lead], { sealed: 'BB==' })).toBe(true);
  expect(takes([lead, auditor], [lead])).toBe(true);
  expect(takes([lead], [{ ...lead, until: '2027-01-01' }])).toBe(true);
});
