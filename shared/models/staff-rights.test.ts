/** What a kiosk makes of a person's rights, however much of them it can read. */
import { describe, expect, test } from 'vitest';
import { ids, staffRow } from '#support/kiosk-rows.ts';
import { decide, permissionsOf, readRights } from '../rights/decide.ts';
import { staffSchema } from './documents.ts';

const rights = readRights({ timeZone: 'Europe/London', roles: [], rules: [] });
const noon = Date.parse('2026-11-30T12:00Z');
const ann = staffRow(ids.ann, 'Ann', '4711');

describe('what cannot be read of a person’s rights keeps nobody’s document out, and allows nothing', () => {
  test.each([
    ['roles of which one is none', ['associate', 'Night shift', 7], ['open', 'identify']],
    ['roles that are no list', 'manager', []],
    ['null in place of roles', null, []],
    ['more roles than there can be', Array.from({ length: 51 }, () => 'manager'), []],
  ])('%s', (_, roles, allowed) => {
    expect(permissionsOf(staffSchema.parse({ ...ann, roles }), rights)).toEqual(allowed);
  });

  test.each([{ from: '2026-02-29' }, { until: '31.12.2027' }, { until: null }, { from: 20_260_101 }])(
    'the date of %j',
    (dates) => {
      const person = staffSchema.parse({ ...ann, roles: ['manager'], ...dates });
      expect(decide(person, 'identify', null, noon, rights)).toMatchObject({ by: 'not_understood' });
    },
  );

  test('but for where somebody is assigned, by which nothing is judged', () => {
    const assignments = [{ roles: ['associate'], at: { region: ['associate'] } }];
    const person = staffSchema.parse({ ...ann, roles: [], assignments });
    expect(person.assignments).toEqual([{ roles: ['associate'] }]);
    expect(permissionsOf(person, rights)).toEqual(['open', 'identify']);
  });

  test('what is left out is as ever', () => {
    expect(staffSchema.parse(ann)).toEqual(ann);
  });
});
