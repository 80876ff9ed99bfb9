import { describe, expect, test } from 'vitest';
import { anyone, daily, hours, inWords, opens, rule, store } from '#support/rights-cases.ts';
import { decide, readRights, reasonsOf } from './decide.ts';

describe('what is not understood', () => {
  const schedule = { weekly: [daily('00:00', '24:00')], exceptions: [] };
  const noon = '2026-11-30T12:00Z';
  const twice = [
    { date: '2026-12-25', windows: [] },
    { date: '2026-12-25', windows: [] },
  ];

  test.each([
    ['a field of a later release', { fingerprint: 'required' }],
    ['a field of a later release in its schedule', { schedule: { ...schedule, holidays: 'FR' } }],
    ['a second person that is not wanted', { twoPeople: false }],
    ['no roles', { roles: [] }],
    ['a time that is none', { schedule: { ...schedule, weekly: [daily('8:00', '24:00')] } }],
    ['a day that is none', { schedule: { ...schedule, weekly: [daily('08:00', '24:00', [8])] } }],
    ['a date that is none', { schedule: { ...schedule, exceptions: [{ date: '2026-02-29', windows: [] }] } }],
    ['an exception twice', { schedule: { ...schedule, exceptions: twice } }],
    ['no seconds to hold it open', { holdOpenSeconds: 0 }],
  ])('%s refuses the group of its rule, and no other', (_, odd) => {
    const rights = store('UTC', rule(odd, 'Watches'), rule({ schedule }));
    expect(opens(rights, noon)).toEqual({ kind: 'refused', by: 'not_understood', from: null });
    expect(opens(rights, noon, anyone, 'Phones')).toEqual({ kind: 'allowed' });
    expect(decide(anyone, 'identify', 'Watches', Date.parse(noon), readRights(rights))).toEqual({
      kind: 'allowed',
    });
    expect(reasonsOf('Watches', readRights(rights))).toBe(null);
  });

  test.each([
    ['twice', ['Watches', 'Watches']],
    ['in two spellings', ['Watches', ' WATCHES ']],
    ['in two forms of Unicode', ['Säge', 'Sa\u0308ge']],
  ])('rules for one group, %s, refuse that group', (_, [one = '', other = '']) => {
    const rights = store('UTC', rule({}, one), rule({}, other));
    expect(inWords(opens(rights, noon, anyone, one))).toBe('not_understood never');
    expect(inWords(opens(rights, noon, anyone, 'Phones'))).toBe('allowed');
  });

  test.each([
    ['a word', 'rights'],
    ['no rules', { timeZone: 'UTC', roles: [] }],
    ['rules that are no list', { timeZone: 'UTC', roles: [], rules: {} }],
    ['a rule of no group', store('UTC', rule({}, 'Phones'), { schedule })],
    [
      'more rules than there may be',
      store('UTC', ...Array.from({ length: 501 }, (__, at) => rule({}, `Group ${at}`))),
    ],
  ])('%s refuses every opening, and no other act', (_, odd) => {
    expect(inWords(opens(odd, noon))).toBe('not_understood never');
    expect(inWords(opens(odd, noon, { staffId: '', roles: ['lead'] }, 'Phones'))).toBe(
      'not_understood never',
    );
    expect(inWords(opens(odd, noon, { staffId: '', roles: ['auditor'] }, 'Phones'))).toBe('role never');
    expect(inWords(decide({ staffId: '', roles: ['lead'] }, 'approve', null, 0, readRights(odd)))).toBe(
      'allowed',
    );
  });

  test.each(['Mars/Olympus', '+02:00', '', undefined, 7])(
    'a time zone %j refuses what goes by the clock',
    (zone) => {
      const rights = store(zone, rule({ schedule }), rule({ twoPeople: true }, 'Phones'));
      expect(inWords(opens(rights, noon))).toBe('not_understood never');
      expect(inWords(opens(rights, noon, { ...anyone, from: '2020-01-01' }, 'Phones'))).toBe(
        'not_understood never',
      );
      expect(opens(rights, noon, anyone, 'Phones')).toEqual({ kind: 'needs', needs: ['second_person'] });
    },
  );

  test.each([
    ['of no name', [{ roleId: 'expert', name: '', permissions: ['open'] }]],
    [
      'that is there twice',
      ['one', 'other'].map((name) => ({ roleId: 'expert', name, permissions: ['open'] })),
    ],
    ['that the store has not', []],
    ['of a later release', [{ roleId: 'expert', name: 'Expert', permissions: ['polish'] }]],
  ])('a role %s allows nothing, and the others what they say', (_, roles) => {
    const rights = { timeZone: 'UTC', roles, rules: [] };
    expect(inWords(opens(rights, noon, { staffId: '', roles: ['expert'] }))).toBe('role never');
    expect(inWords(opens(rights, noon, { staffId: '', roles: ['expert', 'lead'] }))).toBe('allowed');
  });

  test('a role of the store under the name of a given one allows nothing', () => {
    const rights = {
      timeZone: 'UTC',
      roles: [{ roleId: 'lead', name: 'Lead', permissions: ['open'] }],
      rules: [],
    };
    expect(inWords(opens(rights, noon, { staffId: '', roles: ['lead'] }))).toBe('role never');
  });

  test.each(['2026-02-29', 'tomorrow', '2026-11-01T00:00'])('a first day %s refuses that person', (from) => {
    expect(inWords(opens(store('UTC'), noon, { staffId: '', from }))).toBe('not_understood never');
    expect(inWords(opens(store('UTC'), noon))).toBe('allowed');
  });

  test.each([-1, 0.5, Number.NaN, Infinity, 8_640_000_000_000_001])(
    'a time %d refuses what goes by the clock',
    (at) => {
      expect(inWords(opens(store('UTC', rule({ schedule })), at))).toBe('not_understood never');
      expect(inWords(opens(store('UTC', rule({})), at))).toBe('allowed');
    },
  );

  test('at the end of all time nothing comes after', () => {
    const closed = hours('Europe/Paris', []);
    expect(inWords(opens(closed, 8_640_000_000_000_000))).toBe('schedule never');
  });
});
