/** What an operator sets of who may open what: kept, told to kiosks, asked about, and refused where it says nothing. */
import { beforeEach, expect, test } from 'vitest';
import { journalAnswerSchema } from '#backend/admin/operator-acts.ts';
import type { TestKiosk } from './test-kiosk.ts';
import { useStoreWithLock, type AdminAnswer, type World } from './world.ts';

let world: World;
let storeId: string;
let kiosk: TestKiosk;
let serialNumber: string;
useStoreWithLock((made) => ({ world, storeId, kiosk, serialNumber } = made));

const lead = '2c9d3a52-8a63-4d51-9f53-0a4c5d1e7f01';
const associate = '2c9d3a52-8a63-4d51-9f53-0a4c5d1e7f02';
const days = [1, 2, 3, 4, 5, 6];
const rights = {
  timeZone: 'Europe/Paris',
  roles: [{ roleId: 'night', name: 'Night shift', permissions: ['open'] }],
  rules: [
    { group: null, schedule: { weekly: [{ days, from: '08:00', until: '20:00' }], exceptions: [] } },
    { group: 'Spirits', roles: ['lead'], twoPeople: true },
  ],
};
/** A Monday, 10:00 and 06:00 in Paris. */
const open = Date.UTC(2026, 10, 30, 9);
const early = Date.UTC(2026, 10, 30, 5);

const put = (path: string, body: unknown): Promise<AdminAnswer> =>
  world.admin('PUT', `/stores/${storeId}${path}`, body);
const get = async (path: string): Promise<unknown> =>
  (await world.admin('GET', `/stores/${storeId}${path}`)).body;
const problem = async (answer: Promise<AdminAnswer>): Promise<[number, unknown]> => {
  const { status, body } = await answer;
  return [status, (body as { error?: { params: unknown } } | null)?.error?.params];
};

beforeEach(async () => {
  expect((await put('/rights', rights)).status).toBe(204);
  expect((await put(`/staff/${lead}`, { name: 'Noor', pin: '582047', roles: ['lead'] })).status).toBe(204);
  const person = {
    name: 'Ines',
    pin: '693158',
    roles: ['associate'],
    from: '2026-01-01',
    employeeNumber: '0417',
  };
  expect((await put(`/staff/${associate}`, person)).status).toBe(204);
  await put(`/locks/${serialNumber}`, { name: 'Top shelf', group: 'Spirits' });
});

test('a kiosk pulls them whole with its store and its people, and once more when they change', async () => {
  const [store] = await kiosk.pullAll('store');
  expect(store).toMatchObject({ storeId, rights });
  expect(await get('/rights')).toEqual({ rights });
  const people = await kiosk.pullAll('staff');
  expect(people.find(({ staffId }) => staffId === associate)).toMatchObject({
    roles: ['associate'],
    from: '2026-01-01',
    employeeNumber: '0417',
  });
  expect(people.find(({ staffId }) => staffId === lead)).not.toHaveProperty('until');
  // The same once more is no change.
  await put('/rights', rights);
  expect((await kiosk.pullAll('store'))[0]?.version).toBe(store?.version);
  await put('/rights', { ...rights, rules: [] });
  expect((await kiosk.pullAll('store'))[0]).toMatchObject({ rights: { rules: [] } });
});

test('a store may have a rule for each of hundreds of groups, with their holidays', async () => {
  const exceptions = Array.from({ length: 28 }, (_, at) => ({
    date: `2027-02-${String(at + 1).padStart(2, '0')}`,
    windows: [],
  }));
  const schedule = { weekly: [{ days, from: '08:00', until: '20:00' }], exceptions };
  const rules = Array.from({ length: 500 }, (_, at) => ({ group: `Case ${at}`, schedule }));
  expect((await put('/rights', { ...rights, rules })).status).toBe(204);
  expect((await kiosk.pullAll('store'))[0]).toMatchObject({ rights: { rules } });
});

test('a store that is put with another name or policy keeps them', async () => {
  const [store] = await kiosk.pullAll('store');
  expect((await put('', { name: 'Harbour Street', policy: store?.['policy'] })).status).toBe(204);
  expect((await kiosk.pullAll('store'))[0]).toMatchObject({ name: 'Harbour Street', rights });
});

test('of a person, what is left out stays, and null takes it away', async () => {
  const pins = async (): Promise<unknown> =>
    (await kiosk.pullAll('staff')).find(({ staffId }) => staffId === associate)?.['pin'];
  const before = await pins();
  expect((await put(`/staff/${associate}`, { name: 'Ines', until: '2026-12-31' })).status).toBe(204);
  expect((await put(`/staff/${associate}`, { name: 'Ines', employeeNumber: null })).status).toBe(204);
  expect(await get('/staff')).toMatchObject({
    staff: [
      { name: 'Ines', roles: ['associate'], from: '2026-01-01', until: '2026-12-31' },
      { name: 'Noor' },
    ],
  });
  expect(await pins()).toEqual(before);
});

test('who may open what, and what somebody may open, is told for any time', async () => {
  const may = async (who: string, at: number): Promise<unknown> => get(`/staff/${who}/may?at=${at}`);
  expect(await may(lead, open)).toMatchObject({
    at: open,
    groups: [{ group: 'Spirits', decision: { kind: 'needs', needs: ['second_person'] } }],
  });
  expect(await may(associate, open)).toMatchObject({
    permissions: ['open', 'identify'],
    groups: [{ group: 'Spirits', decision: { kind: 'refused', by: 'group_roles', from: null } }],
  });
  const whoMayOpen = async (group: string, at: number): Promise<unknown> =>
    get(`/may-open?group=${encodeURIComponent(group)}&at=${at}`);
  const refused = { kind: 'refused', by: 'schedule', from: early + 2 * 3_600_000 };
  expect(await whoMayOpen('Watches', early)).toEqual({
    at: early,
    people: [
      { staffId: associate, name: 'Ines', decision: refused },
      { staffId: lead, name: 'Noor', decision: refused },
    ],
  });
  expect(await whoMayOpen('spirits', open)).toMatchObject({
    people: [{ decision: { by: 'group_roles' } }, { decision: { kind: 'needs' } }],
  });
});

const nobody = '2c9d3a52-8a63-4d51-9f53-0a4c5d1e7f09';
test('of a store or a person that is not there nothing is told', async () => {
  expect((await world.admin('GET', `/stores/${storeId}/staff/${nobody}/may`)).status).toBe(404);
  expect((await world.admin('GET', `/stores/${nobody}/may-open?group=`)).status).toBe(404);
  expect((await world.admin('GET', `/stores/${nobody}/rights`)).status).toBe(404);
  expect((await world.admin('PUT', `/stores/${nobody}/rights`, rights)).status).toBe(404);
  expect((await world.admin('DELETE', `/stores/${nobody}/rights`)).status).toBe(404);
});

const rule = (more: object): object => ({ timeZone: 'Europe/Paris', rules: [{ group: 'Spirits', ...more }] });
const window = { from: '08:00', until: '20:00' };
const refused: readonly [what: string, body: object, path: string, problem: string][] = [
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
test('what says nothing is refused with its place, and nothing changes', async () => {
  for (const [what, body, path, said] of refused) {
    expect([what, ...(await problem(put('/rights', body)))]).toEqual([what, 400, { path, problem: said }]);
  }
  expect(await get('/rights')).toEqual({ rights });
});

test('what a later release may know is refused, not passed over', async () => {
  expect((await put('/rights', rule({ threePeople: true }))).status).toBe(400);
  const unknown = { ...rights, roles: [{ roleId: 'x', name: 'X', permissions: ['teleport'] }] };
  expect((await put('/rights', unknown)).status).toBe(400);
  expect(await get('/rights')).toEqual({ rights });
});

test('a role does not go, nor the time zone, while somebody is judged by it', async () => {
  expect((await put(`/staff/${lead}`, { name: 'Noor', roles: ['night'] })).status).toBe(204);
  expect(await problem(put('/rights', { ...rights, roles: [] }))).toEqual([
    400,
    { path: 'roles', problem: 'leaves out night, which somebody has' },
  ]);
  await put(`/staff/${lead}`, { name: 'Noor', roles: null });
  expect(await problem(world.admin('DELETE', `/stores/${storeId}/rights`))).toEqual([
    400,
    { path: 'timeZone', problem: 'goes while people have dates' },
  ]);
  await put(`/staff/${associate}`, { name: 'Ines', from: null });
  expect((await world.admin('DELETE', `/stores/${storeId}/rights`)).status).toBe(204);
  expect(await get('/rights')).toEqual({ rights: null });
  expect((await kiosk.pullAll('store'))[0]).not.toHaveProperty('rights');
});

const strangers: readonly [what: string, more: object, path: string, problem: unknown][] = [
  ['a role that the store has not', { roles: ['lead', 'boss'] }, 'roles.1', 'is no role of this store'],
  ['an end before the begin', { until: '2025-12-31' }, 'until', 'is before from'],
  ['a day that no calendar has', { until: '2027-02-29' }, 'until', expect.any(String)],
];
test('a person of whom nothing could be judged is refused', async () => {
  for (const [what, more, path, said] of strangers) {
    const answer = await problem(put(`/staff/${associate}`, { name: 'Ines', ...more }));
    expect([what, ...answer]).toEqual([what, 400, { path, problem: said }]);
  }
});

test('dates need a store whose time zone is set', async () => {
  const other = await world.makeStore();
  const dated = { name: 'Ines', pin: '693158', until: '2027-01-01' };
  expect(await problem(world.admin('PUT', `/stores/${other}/staff/${associate}`, dated))).toEqual([
    400,
    { path: 'until', problem: 'needs rights of the store, with its time zone' },
  ]);
});

test('each change is in the journal of operators, by ids alone', async () => {
  await world.admin('DELETE', `/stores/${storeId}/rights`);
  const { acts } = journalAnswerSchema.parse((await world.admin('GET', '/journal?limit=10')).body);
  const ours = acts.filter(({ act }) => act.startsWith('rights'));
  expect(ours.map(({ act, on, outcome }) => ({ act, on, outcome }))).toEqual([
    { act: 'rights_removed', on: { storeId }, outcome: 'operator.bad_value' },
    { act: 'rights_put', on: { storeId }, outcome: 'done' },
  ]);
});

test('of somebody who has gone nothing is left', async () => {
  await world.admin('DELETE', `/stores/${storeId}/staff/${associate}`);
  const [row] = (await kiosk.pullAll('staff')).filter(({ staffId }) => staffId === associate);
  expect(row).toEqual({ staffId: associate, version: row?.version, deleted: true });
});
