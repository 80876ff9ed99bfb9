import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decide, permissionsOf, readRights } from '#shared/rights/decide.ts';
import { groupKey } from '#shared/rights/group-key.ts';
import { givenRoles, type StoreRights } from '#shared/rights/model.ts';
import { levels, mergeRights, sourcesOf, type RightsByLevel } from './merge.ts';

const groups = ['Spirits', ' spirits', 'Watches', '', null] as const;
const own = ['night', 'expert'] as const;
const ruleArbitrary = fc.record(
  {
    group: fc.constantFrom(...groups),
    roles: fc.uniqueArray(fc.constantFrom('lead', 'manager', ...own), { minLength: 1 }),
    twoPeople: fc.constant(true as const),
    holdOpenSeconds: fc.integer({ min: 1, max: 60 }),
  },
  { requiredKeys: ['group'] },
);
const rightsArbitrary: fc.Arbitrary<StoreRights> = fc.record({
  timeZone: fc.constantFrom('Europe/Paris', 'America/New_York'),
  roles: fc.uniqueArray(
    fc.record({
      roleId: fc.constantFrom(...own),
      name: fc.constant('A role'),
      permissions: fc.subarray(['open', 'approve', 'enrol'], { minLength: 1 }),
    }),
    { selector: ({ roleId }) => roleId },
  ),
  rules: fc.uniqueArray(ruleArbitrary, {
    selector: ({ group }) => (group === null ? null : groupKey(group)),
  }),
});
const given: fc.Arbitrary<RightsByLevel> = fc.record({
  organisation: fc.option(rightsArbitrary),
  district: fc.option(rightsArbitrary),
  store: fc.option(rightsArbitrary),
  timeZone: fc.option(fc.constantFrom('Asia/Tokyo', 'Europe/Berlin')),
});
/** The first level, the store first, that says something of it. */
const first = <T>(by: RightsByLevel, of: (rights: StoreRights) => T | undefined): T | undefined =>
  levels
    .map((level) => by[level])
    .flatMap((rights) => (rights ? [of(rights)] : []))
    .find((one) => one !== undefined);

test('the rule of a group, and a role, are those of the nearest level that has one, whole', () => {
  fc.assert(
    fc.property(given, fc.constantFrom('Spirits', 'Watches', 'Others', ''), (by, group) => {
      const merged = readRights(mergeRights(by));
      const rule =
        first(by, ({ rules }) =>
          rules.find((one) => one.group !== null && groupKey(one.group) === groupKey(group)),
        ) ?? first(by, ({ rules }) => rules.find((one) => one.group === null));
      const { timetable, ...read } = (merged.ruleOf(group) ?? {}) as Record<string, unknown>;
      expect(timetable ?? null).toBeNull();
      expect(read).toEqual(rule ?? {});
      for (const roleId of own) {
        const role = first(by, ({ roles }) => roles.find((one) => one.roleId === roleId));
        const may = permissionsOf({ staffId: '', roles: [roleId] }, merged);
        expect(may.toSorted()).toEqual((role?.permissions ?? []).toSorted());
      }
    }),
  );
});

test('a store alone has its own, a store without any what the levels above say, and none where none is set', () => {
  fc.assert(
    fc.property(rightsArbitrary, (rights) => {
      const none = { organisation: null, district: null, store: null, timeZone: null };
      expect(mergeRights(none)).toBeNull();
      for (const level of levels) expect(mergeRights({ ...none, [level]: rights })).toEqual(rights);
      expect(mergeRights({ ...none, organisation: rights, timeZone: 'Asia/Tokyo' })?.timeZone).toBe(
        'Asia/Tokyo',
      );
    }),
  );
});

test('who may open a group is decided as if its rule and roles stood in the store alone', () => {
  const at = Date.UTC(2026, 10, 30, 12);
  fc.assert(
    fc.property(given, fc.constantFrom('Spirits', 'Watches', 'Others', ''), (by, group) => {
      const merged = mergeRights(by);
      const source =
        merged && sourcesOf(by).find((one) => one.group !== null && groupKey(one.group) === groupKey(group));
      const alone = merged && {
        ...merged,
        rules: merged.rules.filter((one) => (source ? one.group === source.group : one.group === null)),
      };
      for (const role of [...Object.keys(givenRoles), ...own]) {
        const person = { staffId: '', roles: [role] };
        expect(decide(person, 'open', group, at, readRights(merged))).toEqual(
          decide(person, 'open', group, at, readRights(alone)),
        );
      }
    }),
  );
});
