import { describe, expect, test } from 'vitest';
import { anyone, daily, hours, inWords, opens, rule, store } from '#support/rights-cases.ts';
import {
  decide,
  holdOpenSecondsOf,
  permissionsAt,
  permissionsOf,
  readRights,
  reasonsOf,
  whoMay,
} from './decide.ts';
import { heldStaffRightsFields } from './model.ts';

describe('a window', () => {
  const overnight = [daily('22:00', '06:00', [5])];
  test.each([
    [
      'from 00:00 to 24:00 is a whole day',
      [daily('00:00', '24:00', [1])],
      '2026-11-30T23:59:59.999Z',
      'allowed',
    ],
    ['and no more', [daily('00:00', '24:00', [1])], '2026-12-01T00:00Z', 'schedule 2026-12-07T00:00:00Z'],
    ['that ends where it begins is 24 hours', [daily('09:00', '09:00', [1])], '2026-12-01T08:59Z', 'allowed'],
    [
      'and no more, either',
      [daily('09:00', '09:00', [1])],
      '2026-12-01T09:00Z',
      'schedule 2026-12-07T09:00:00Z',
    ],
    ['from 24:00 begins with the next day', [daily('24:00', '02:00', [1])], '2026-12-01T01:59Z', 'allowed'],
    [
      'and not on its own',
      [daily('24:00', '02:00', [1])],
      '2026-11-30T01:00Z',
      'schedule 2026-12-01T00:00:00Z',
    ],
    [
      'from 24:00 to 00:00 is no time at all',
      [daily('24:00', '00:00')],
      '2026-11-30T00:00Z',
      'schedule never',
    ],
    ['of Friday night goes on past midnight', overnight, '2026-11-28T05:59:59Z', 'allowed'],
    ['and ends', overnight, '2026-11-28T06:00Z', 'schedule 2026-12-04T22:00:00Z'],
    ['of Sunday night goes on into Monday', [daily('22:00', '06:00', [7])], '2026-11-30T05:00Z', 'allowed'],
    [
      'that meets another leaves no gap',
      [daily('08:00', '12:00'), daily('12:00', '18:00')],
      '2026-11-30T12:00Z',
      'allowed',
    ],
    ['holds on a leap day', [daily('08:00', '12:00', [2])], '2028-02-29T08:00Z', 'allowed'],
  ])('%s', (_, windows, at, words) => expect(inWords(opens(hours('UTC', windows), at))).toBe(words));
});

describe('an exception', () => {
  const windows = [daily('08:00', '18:00')];
  test.each([
    [
      'closes its day',
      [{ date: '2026-12-25', windows: [] }],
      '2026-12-25T12:00Z',
      'schedule 2026-12-26T08:00:00Z',
    ],
    [
      'opens at other hours',
      [{ date: '2026-12-25', windows: [{ from: '20:00', until: '22:00' }] }],
      '2026-12-25T12:00Z',
      'schedule 2026-12-25T20:00:00Z',
    ],
    [
      'goes past its midnight',
      [{ date: '2026-12-25', windows: [{ from: '20:00', until: '02:00' }] }],
      '2026-12-26T01:00Z',
      'allowed',
    ],
    [
      'may be a leap day',
      [{ date: '2028-02-29', windows: [] }],
      '2028-02-29T12:00Z',
      'schedule 2028-03-01T08:00:00Z',
    ],
  ])('%s', (_, exceptions, at, words) =>
    expect(inWords(opens(hours('UTC', windows, exceptions), at))).toBe(words),
  );

  test('is looked for over 400 days, and no more', () => {
    const only = (date: string) => hours('UTC', [], [{ date, windows: [{ from: '00:00', until: '24:00' }] }]);
    expect(inWords(opens(only('2028-01-04'), '2026-11-30T00:00Z'))).toBe('schedule 2028-01-04T00:00:00Z');
    expect(inWords(opens(only('2028-01-04'), '2026-11-29T23:59:59.999Z'))).toBe('schedule never');
    expect(inWords(opens(only('2026-11-29'), '2026-11-30T00:00Z'))).toBe('schedule never');
  });
});

describe('where the clock changes', () => {
  test.each([
    [
      'midnight never comes, and its window begins with the clock',
      'America/Sao_Paulo',
      '00:00',
      '02:00',
      '2018-11-04T02:59:59Z',
      'schedule 2018-11-04T03:00:00Z',
    ],
    [
      'an hour at midnight comes twice',
      'America/Sao_Paulo',
      '23:30',
      '23:45',
      '2018-02-18T01:45:00Z',
      'schedule 2018-02-18T02:30:00Z',
    ],
    [
      'half an hour comes twice',
      'Australia/Lord_Howe',
      '01:30',
      '01:45',
      '2026-04-04T14:45Z',
      'schedule 2026-04-04T15:00:00Z',
    ],
    [
      'a whole day is left out',
      'Pacific/Apia',
      '12:00',
      '13:00',
      '2011-12-30T00:00Z',
      'schedule 2011-12-30T22:00:00Z',
    ],
    ['a window goes on from before', 'Europe/Paris', '01:30', '03:30', '2026-03-29T01:29:59Z', 'allowed'],
    ['a window is an hour longer', 'Europe/Paris', '01:30', '03:30', '2026-10-25T02:29:59Z', 'allowed'],
    [
      'it is by the store and not by the machine',
      'Pacific/Chatham',
      '09:00',
      '10:00',
      '2026-11-29T19:15:00Z',
      'allowed',
    ],
    [
      'minutes are not whole ones of UTC',
      'Africa/Monrovia',
      '12:00',
      '13:00',
      '1971-06-01T12:00:00Z',
      'schedule 1971-06-01T12:44:30Z',
    ],
  ])('%s', (_, zone, from, until, at, words) => {
    expect(inWords(opens(hours(zone, [daily(from, until)]), at))).toBe(words);
  });

  test('a last day that the clock goes back into is not over', () => {
    const rights = store('America/St_Johns');
    const person = { ...anyone, until: '2010-11-06' };
    expect(inWords(opens(rights, '2010-11-07T02:29:59Z', person))).toBe('allowed');
    expect(inWords(opens(rights, '2010-11-07T02:30Z', person))).toBe('ended 2010-11-07T02:31:00Z');
    expect(inWords(opens(rights, '2010-11-07T02:31Z', person))).toBe('allowed');
    expect(inWords(opens(rights, '2010-11-07T03:30Z', person))).toBe('ended never');
  });
});

describe('nothing set', () => {
  test.each([undefined, null])('rights %j: everybody who has no roles may do everything', (given) => {
    expect(inWords(opens(given, '2026-11-30T12:00Z'))).toBe('allowed');
    expect(inWords(opens(given, '2026-11-30T12:00Z', { staffId: '', roles: ['auditor'] }))).toBe(
      'role never',
    );
    expect(inWords(opens(given, '2026-11-30T12:00Z', { staffId: '', until: '2027-01-01' }))).toBe(
      'not_understood never',
    );
  });
});

test('a rule of the empty group is for locks that have none, before that of every group', () => {
  const rights = store('UTC', rule({ twoPeople: true }), rule({ holdOpenSeconds: 9 }, ' '));
  for (const none of [null, '', '  ']) expect(holdOpenSecondsOf(none, readRights(rights))).toBe(9);
  expect(opens(rights, 0, anyone, null)).toEqual({ kind: 'allowed' });
  expect(opens(rights, 0)).toEqual({ kind: 'needs', needs: ['second_person'] });
});

test('a role counts for a rule only where it allows the act', () => {
  const roles = [{ roleId: 'trained', name: 'Trained', permissions: [] }];
  const rights = { timeZone: 'UTC', roles, rules: [rule({ roles: ['trained', 'associate'] })] };
  expect(inWords(opens(rights, 0, { staffId: '', roles: ['trained', 'lead'] }))).toBe('group_roles never');
  expect(inWords(opens(rights, 0, { staffId: '', roles: ['associate', 'lead'] }))).toBe('allowed');
});

test('who may do it are those who are not refused, in their order', () => {
  const people = ['lead', 'auditor', 'manager'].map((role) => ({ staffId: role, roles: [role], name: role }));
  const rights = readRights(store('UTC', rule({ twoPeople: true })));
  expect(whoMay(people, 'open', 'Watches', 0, rights).map(({ name }) => name)).toEqual(['lead', 'manager']);
  expect(whoMay(people, 'approve', 'Watches', 0, rights).map(({ name }) => name)).toEqual([
    'lead',
    'manager',
  ]);
});

test('a group has the reasons and the seconds of its rule, and else none', () => {
  const reasons = {
    choices: [{ code: 'customer', name: 'For a customer' }],
    number: { name: 'Receipt', required: true },
  };
  const rights = readRights(store('UTC', rule({ reasons, holdOpenSeconds: 20 }, 'Watches')));
  expect(reasonsOf('watches', rights)).toEqual(reasons);
  expect(holdOpenSecondsOf('watches', rights)).toBe(20);
  expect([reasonsOf('Phones', rights), holdOpenSecondsOf('Phones', rights)]).toEqual([null, null]);
});

test('of several assignments each holds on its own days, and what refuses is what holds on the day', () => {
  const rights = readRights({ timeZone: 'Europe/Paris', roles: [], rules: [] });
  const person = {
    staffId: 'ada',
    roles: [],
    assignments: [
      { roles: ['auditor'], until: '2026-12-31' },
      { roles: ['lead'], from: '2026-12-10', until: '2026-12-20' },
    ],
  };
  const at = (day: string) => decide(person, 'open', null, Date.parse(`${day}T12:00+01:00`), rights);
  const from = Date.parse('2026-12-10T00:00+01:00');
  expect(at('2026-12-09')).toEqual({ kind: 'refused', by: 'role', from });
  expect(at('2026-12-10')).toEqual({ kind: 'allowed' });
  expect(at('2026-12-20')).toEqual({ kind: 'allowed' });
  expect(at('2026-12-21')).toEqual({ kind: 'refused', by: 'role', from: null });
  expect(at('2027-01-01')).toEqual({ kind: 'refused', by: 'ended', from: null });
  expect(permissionsOf(person, rights)).toEqual(expect.arrayContaining(['export', 'open']));
  const may = (day: string) => permissionsAt(person, Date.parse(`${day}T12:00+01:00`), rights);
  expect([may('2026-12-09').includes('open'), may('2026-12-10').includes('open')]).toEqual([false, true]);
  expect([may('2026-12-31'), may('2027-01-01')]).toEqual([['read_activity', 'export'], []]);
  const gone = { staffId: 'bob', until: '2026-12-31' };
  expect(permissionsAt(gone, Date.parse('2027-01-01T00:00+01:00'), rights)).toEqual([]);
  // A kiosk that reads none of them, and one of a later release that says more, allow nothing.
  expect(decide({ ...person, assignments: [] }, 'open', null, from, rights)).toEqual({
    kind: 'refused',
    by: 'role',
    from: null,
  });
  const { assignments } = heldStaffRightsFields;
  expect(assignments.parse([...person.assignments, { roles: ['lead'], hours: 'all' }])).toHaveLength(2);
  expect(assignments.parse('all')).toEqual([]);
});
