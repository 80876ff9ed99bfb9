/** A store's rights as they may be, and what a backend does not take for any. */

export const days = [1, 2, 3, 4, 5, 6];
export const rights = {
  timeZone: 'Europe/Paris',
  roles: [{ roleId: 'night', name: 'Night shift', permissions: ['open'] }],
  rules: [
    { group: null, schedule: { weekly: [{ days, from: '08:00', until: '20:00' }], exceptions: [] } },
    { group: 'Spirits', roles: ['lead'], twoPeople: true },
  ],
};

export const rule = (more: object): object => ({
  timeZone: 'Europe/Paris',
  rules: [{ group: 'Spirits', ...more }],
});
export const window = { from: '08:00', until: '20:00' };
/** Each with what is said of it, and where. */
export const unsound: readonly [what: string, body: object, path: string, problem: string][] = [
  [
    'a time zone that there is none of',
    { timeZone: 'Europe/Pairs' },
    'timeZone',
    'is no time zone of the IANA database',
  ],
  [
    'an offset in place of a time zone',
    { timeZone: '+02:00' },
    'timeZone',
    'is no time zone of the IANA database',
  ],
  [
    'a role that allows nothing',
    { ...rights, roles: [{ roleId: 'idle', name: 'Idle', permissions: [] }] },
    'roles.0.permissions',
    'allows nothing',
  ],
  [
    'a role under a given name',
    { ...rights, roles: [{ roleId: 'lead', name: 'Lead', permissions: ['open'] }] },
    'roles.0.roleId',
    'is a role that every store has',
  ],
  [
    'a role that is there twice',
    { ...rights, roles: [rights.roles[0], rights.roles[0]] },
    'roles.1.roleId',
    'is there twice',
  ],
  [
    'two rules for one group, however it is spelt',
    { ...rights, rules: [{ group: 'Spirits' }, { group: ' SPIRITS' }] },
    'rules.1.group',
    'has a rule already',
  ],
  [
    'a rule for a role that there is none of',
    rule({ roles: ['boss'] }),
    'rules.0.roles.0',
    'is no role of this store',
  ],
  [
    'a schedule that never opens',
    rule({ schedule: { weekly: [], exceptions: [] } }),
    'rules.0.schedule',
    'opens at no time any more',
  ],
  [
    'a schedule whose last day is over',
    rule({ schedule: { weekly: [], exceptions: [{ date: '2020-02-29', windows: [window] }] } }),
    'rules.0.schedule',
    'opens at no time any more',
  ],
  [
    'a date that is there twice',
    rule({
      schedule: {
        weekly: [{ ...window, days: [1] }],
        exceptions: [
          { date: '2027-01-01', windows: [] },
          { date: '2027-01-01', windows: [] },
        ],
      },
    }),
    'rules.0.schedule.exceptions',
    'holds a day twice',
  ],
  [
    'a reason that is there twice',
    rule({
      reasons: {
        choices: [
          { code: 'a', name: 'A' },
          { code: 'a', name: 'B' },
        ],
      },
    }),
    'rules.0.reasons.choices.1.code',
    'is there twice',
  ],
];
