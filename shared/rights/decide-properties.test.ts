/** What holds whatever a store sets: of stores, people and times that chance makes up. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chanceOf } from '../../test/rights/chance.ts';
import { makeOrganisation, type Organisation } from '../../test/rights/organisation.ts';
import { decide, permissionsOf, readRights, whoMay } from './decide.ts';
import { permissions } from './model.ts';

const organisation = fc.nat({ max: 2 ** 31 }).map((seed): Organisation => makeOrganisation(chanceOf(seed)));
const act = fc.constantFrom(...permissions);
const runs = { numRuns: 150 };

const each = (
  { people, groups, times }: Organisation,
  check: (person: Organisation['people'][number], group: string | null, at: number) => void,
): void => {
  for (const person of people) for (const group of groups) for (const at of times) check(person, group, at);
};

test('the time that a refusal names is the first at which it is not refused', () => {
  fc.assert(
    fc.property(organisation, act, fc.double({ min: 0, max: 1, noNaN: true }), (made, wanted, part) => {
      const rights = readRights(made.rights);
      each(made, (person, group, at) => {
        const decision = decide(person, wanted, group, at, rights);
        if (decision.kind !== 'refused' || decision.from === null) return;
        const { from } = decision;
        const between = at + Math.floor((from - at) * part);
        expect(from).toBeGreaterThan(at);
        expect(decide(person, wanted, group, from, rights).kind).not.toBe('refused');
        expect(decide(person, wanted, group, from - 1, rights).kind).toBe('refused');
        expect(decide(person, wanted, group, Math.min(between, from - 1), rights)).toMatchObject({ from });
      });
    }),
    runs,
  );
});

const isRefused = (made: Organisation, rights: unknown, wanted: (typeof permissions)[number]): boolean[] => {
  const read = readRights(rights);
  const refused: boolean[] = [];
  each(made, (person, group, at) => refused.push(decide(person, wanted, group, at, read).kind === 'refused'));
  return refused;
};
interface Rules {
  readonly rules: readonly Readonly<Record<string, unknown>>[];
}
const hasRules = (rights: unknown): rights is Rules =>
  typeof rights === 'object' && rights !== null && 'rules' in rights && Array.isArray(rights.rules);

test.each([
  ['badge and PIN', { badge: 'required' }],
  ['a second person', { twoPeople: true }],
  ['a reason', { reasons: { choices: [{ code: 'repair', name: 'Repair' }] } }],
  ['a role that nobody has', { roles: ['nobody'] }],
  ['hours that never come', { schedule: { weekly: [], exceptions: [] } }],
  ['something that is not understood', { fingerprint: 'required' }],
])('a rule that asks for %s besides opens nothing that it did not', (_, more) => {
  fc.assert(
    fc.property(organisation, act, (made, wanted) => {
      if (!hasRules(made.rights)) return;
      const stricter = { ...made.rights, rules: made.rights.rules.map((rule) => ({ ...more, ...rule })) };
      const [before, after] = [isRefused(made, made.rights, wanted), isRefused(made, stricter, wanted)];
      expect(after.filter((refused, at) => !refused && before[at])).toEqual([]);
    }),
    runs,
  );
});

test('a role less allows nothing more', () => {
  fc.assert(
    fc.property(organisation, act, (made, wanted) => {
      const rights = readRights(made.rights);
      each(made, (person, group, at) => {
        if (!person.roles || decide(person, wanted, group, at, rights).kind !== 'refused') return;
        const fewer = { ...person, roles: person.roles.slice(1) };
        expect(decide(fewer, wanted, group, at, rights).kind).toBe('refused');
      });
    }),
    runs,
  );
});

test('nobody may do what none of their roles allows', () => {
  fc.assert(
    fc.property(organisation, act, (made, wanted) => {
      const rights = readRights(made.rights);
      for (const group of made.groups)
        for (const person of whoMay(made.people, wanted, group, made.times[0], rights))
          expect(permissionsOf(person, rights)).toContain(wanted);
    }),
    runs,
  );
});
