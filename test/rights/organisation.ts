/** A store's rights and its people, made up: most of it as a back office would set it, some of it not understood. */
import { givenRoles, permissions } from '#shared/rights/model.ts';
import type { Chance } from './chance.ts';
import { baseTime, timeNear, zones } from './times.ts';

type Made = Record<string, unknown>;
interface MadeAssignment {
  readonly roles?: string[] | undefined;
  readonly from?: string | undefined;
  readonly until?: string | undefined;
}
export interface MadePerson extends MadeAssignment {
  readonly staffId: string;
  /** At the store, its district, another district that the store was in: whatever reaches it. */
  readonly assignments?: readonly (MadeAssignment & { readonly roles: string[] })[] | undefined;
}
export interface Organisation {
  /** `rights` of the store's document, as it came. */
  readonly rights: unknown;
  readonly people: readonly [MadePerson, ...MadePerson[]];
  readonly groups: readonly [string | null, ...(string | null)[]];
  readonly times: readonly [number, ...number[]];
}

const day = 86_400_000;
const groups = ['Watches', 'Phones', 'Säge', 'Spirits'];
/** As a lock may carry them. */
const asked: Organisation['groups'] = [
  null,
  '',
  'Watches',
  ' WATCHES ',
  'Phones',
  'Sa\u0308ge',
  'Sage',
  'spirits',
  'Other',
];
const wallTimes: readonly [string, ...string[]] = [
  ...(['00:00', '00:01', '00:30', '01:00', '01:59', '02:00', '02:15', '02:30', '02:45', '03:00'] as const),
  ...['06:00', '08:30', '12:00', '18:00', '20:00', '22:00', '23:00', '23:30', '23:59', '24:00'],
];
const ownRoles = ['watch_expert', 'night', 'cleaner'];

const dateNear = (chance: Chance, base: number): string =>
  new Date(base + chance.whole(-3, 6) * day).toISOString().slice(0, 10);

const wallTime = (chance: Chance): string =>
  chance.often(80)
    ? chance.pick(wallTimes)
    : `${String(chance.whole(0, 23)).padStart(2, '0')}:${String(chance.whole(0, 59)).padStart(2, '0')}`;
const window = (chance: Chance): Made => ({ from: wallTime(chance), until: wallTime(chance) });

const schedule = (chance: Chance, base: number): Made => {
  const dates = new Set(chance.list(0, 4, () => dateNear(chance, base)));
  return {
    weekly: chance.list(0, 3, () => ({ days: chance.some([1, 2, 3, 4, 5, 6, 7], 1), ...window(chance) })),
    exceptions: [...dates].map((date) => ({ date, windows: chance.list(0, 2, () => window(chance)) })),
  };
};

const rule = (chance: Chance, base: number, group: string | null): Made => ({
  group,
  ...(chance.often(30) && { roles: chance.some([...ownRoles, ...Object.keys(givenRoles)], 1) }),
  ...(chance.often(75) && { schedule: schedule(chance, base) }),
  ...(chance.often(25) && { badge: 'required' }),
  ...(chance.often(25) && { twoPeople: true }),
  ...(chance.often(25) && { reasons: { choices: [{ code: 'customer', name: 'For a customer' }] } }),
  ...(chance.often(25) && { holdOpenSeconds: chance.whole(1, 60) }),
  ...(chance.often(25) && { delayMinutes: chance.whole(1, 120) }),
});

/** What no rule may say. */
const damages: readonly [Made, ...Made[]] = [
  { fingerprint: 'required' },
  { badge: 'optional' },
  { twoPeople: false },
  { holdOpenSeconds: 0 },
  { delayMinutes: 0 },
  { roles: [] },
  { reasons: { choices: [] } },
  { schedule: { weekly: [{ days: [8], from: '08:00', until: '09:00' }], exceptions: [] } },
  { schedule: { weekly: [{ days: [1], from: '8:00', until: '09:00' }], exceptions: [] } },
  { schedule: { weekly: [], exceptions: [{ date: '2025-02-29', windows: [] }] } },
  { schedule: { weekly: [], exceptions: [0, 0].map(() => ({ date: '2026-01-01', windows: [] })) } },
  { schedule: { weekly: [] } },
  { group: 7 },
];

const rules = (chance: Chance, base: number): Made[] => {
  const made = [null, ...groups].filter(() => chance.often(70)).map((group) => rule(chance, base, group));
  const [first] = made;
  if (first && chance.often(20)) Object.assign(first, chance.pick(damages));
  if (chance.often(4)) made.push(rule(chance, base, chance.pick(['WATCHES', 'S\u00c4GE', null, ''])));
  return made;
};

const roles = (chance: Chance): Made[] => [
  ...ownRoles
    .filter(() => chance.often(80))
    .map((roleId) => ({ roleId, name: roleId, permissions: [...chance.some(permissions, 0), 'polish'] })),
  ...(chance.often(4) ? [{ roleId: 'lead', name: 'Lead', permissions: ['open'] }] : []),
  ...(chance.often(4) ? [{ roleId: 'night', name: '', permissions: ['open'] }] : []),
];

const rolesOf = (chance: Chance): string[] =>
  chance.some([...Object.keys(givenRoles), ...ownRoles, 'robot'], 0).slice(0, 3);
const dates = (chance: Chance, base: number, percent: number): Omit<MadeAssignment, 'roles'> => ({
  ...(chance.often(percent) && { from: dateNear(chance, base) }),
  ...(chance.often(percent) && { until: dateNear(chance, base) }),
});

const person = (chance: Chance, base: number, at: number): MadePerson => {
  const staffId = `person ${at}`;
  if (chance.often(70))
    return { staffId, ...(chance.often(85) && { roles: rolesOf(chance) }), ...dates(chance, base, 15) };
  const assignments = chance.list(0, 3, () => ({ roles: rolesOf(chance), ...dates(chance, base, 40) }));
  // As a kiosk of before has it, too, which knows none of them.
  return { staffId, roles: [], assignments };
};

const oddZones: readonly [unknown, ...unknown[]] = ['Mars/Olympus', '+02:00', '', undefined, 7];

export const makeOrganisation = (chance: Chance): Organisation => {
  const zone = chance.pick(zones);
  const base = baseTime(chance, zone);
  const timeZone = chance.often(4) ? chance.pick(oddZones) : zone;
  const rights = { timeZone, roles: roles(chance), rules: rules(chance, base) };
  return {
    rights: chance.often(4)
      ? chance.pick([undefined, null, 'rights', { timeZone }, { ...rights, rules: {} }])
      : rights,
    people: [person(chance, base, 0), ...[1, 2, 3].map((at) => person(chance, base, at))],
    groups: asked,
    times: [timeNear(chance, base), ...chance.list(3, 7, () => timeNear(chance, base))],
  };
};
