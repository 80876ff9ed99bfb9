import { expect, test } from 'vitest';
import { decide, permissionsAt, readRights } from '#shared/rights/decide.ts';
import { rightsInStore, type Assignment } from './assignments.ts';
import { assignmentsMay } from './assignment-may.ts';

const rights = readRights({
  timeZone: 'Europe/Paris',
  roles: [],
  rules: [
    { group: 'Watches', roles: ['manager'] },
    { group: 'Spirits', twoPeople: true },
  ],
});
const groups = ['', 'Spirits', 'Watches'];
const [storeId, districtId] = [
  '77c1d0f0-0000-4000-8000-000000000001',
  '0a6f0000-0000-4000-8000-000000000002',
];
const assignments: readonly Assignment[] = [
  { roles: ['associate'] },
  { roles: ['manager'], districtId, from: '2027-01-01', until: '2027-01-31' },
  { roles: ['auditor'], storeId, until: '2026-12-31' },
  { roles: ['lead'], storeId },
];
const statesAt = (time: string) =>
  assignmentsMay(assignments, groups, Date.parse(time), rights).map(({ state }) => state);

test('an assignment holds on its own days, by the calendar of the store, and is told apart before and after', () => {
  expect(statesAt('2026-12-31T23:59:59+01:00')).toEqual(['holds', 'not_started', 'holds', 'holds']);
  expect(statesAt('2027-01-01T00:00+01:00')).toEqual(['holds', 'holds', 'ended', 'holds']);
  expect(statesAt('2027-02-01T00:00+01:00')).toEqual(['holds', 'ended', 'ended', 'holds']);
});

test('each says where it is, what it allows on its days, and which groups it opens at the time', () => {
  const [everywhere, district, store] = assignmentsMay(
    assignments,
    groups,
    Date.parse('2026-12-15T12:00+01:00'),
    rights,
  );
  expect(everywhere).toEqual({
    roles: ['associate'],
    state: 'holds',
    permissions: ['open', 'identify'],
    groups: ['', 'Spirits'],
  });
  expect(district).toMatchObject({ districtId, from: '2027-01-01', state: 'not_started', groups: [] });
  expect(district?.permissions).toContain('leave_kiosk');
  expect(store).toMatchObject({
    storeId,
    state: 'holds',
    permissions: ['read_activity', 'export'],
    groups: [],
  });
});

test('of who is of a store alone, without roles, it is everything that takes none', () => {
  const [own] = assignmentsMay([{ storeId }], groups, 1e12, rights);
  expect(own).toMatchObject({ storeId, state: 'holds', groups });
  expect(own).not.toHaveProperty('roles');
  expect(own?.permissions).toContain('enrol');
  expect(own?.permissions).not.toContain('leave_kiosk');
});

test('days that can’t be told in a store without a time zone allow nothing, and are said to', () => {
  const zoneless = readRights(null);
  expect(assignmentsMay([{ roles: ['lead'], from: '2027-01-01' }], groups, 1e12, zoneless)).toMatchObject([
    { state: 'not_understood', groups: [] },
  ]);
});

test.each([
  '2026-12-31T12:00+01:00',
  '2027-01-01T00:00+01:00',
  '2027-01-31T23:59+01:00',
  '2027-02-01T12:00+01:00',
])('at %s those that hold allow together what kiosks let the person do', (time) => {
  const at = Date.parse(time);
  const store = { storeId, districtId };
  for (let chosen = 0; chosen < 2 ** assignments.length; chosen += 1) {
    const some = assignments.filter((_, place) => (chosen & (2 ** place)) > 0);
    const person = { staffId: '', ...rightsInStore(some, store) };
    if (some.length === 0) continue;
    const all = assignmentsMay(some, groups, at, rights);
    const allowed = new Set(all.flatMap((one) => (one.state === 'holds' ? one.permissions : [])));
    expect(allowed).toEqual(new Set(permissionsAt(person, at, rights)));
    expect(new Set(all.flatMap((one) => one.groups))).toEqual(
      new Set(groups.filter((group) => decide(person, 'open', group, at, rights).kind !== 'refused')),
    );
  }
});
