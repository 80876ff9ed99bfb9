/** What an operator sets of who may open what: kept, told to kiosks, asked about, and refused where it says nothing. */
import { expect } from 'vitest';
import { journalAnswerSchema } from '#backend/admin/operator-acts.ts';
import { days, rights, rule, unsound, window } from './unsound-rights.ts';
import { lockTest } from './store-test.ts';
import type { AdminAnswer } from './world.ts';

const lead = '2c9d3a52-8a63-4d51-9f53-0a4c5d1e7f01';
const associate = '2c9d3a52-8a63-4d51-9f53-0a4c5d1e7f02';
/** A Monday, 10:00 and 06:00 in Paris. */
const open = Date.UTC(2026, 10, 30, 9);
const early = Date.UTC(2026, 10, 30, 5);

const problem = async (answer: Promise<AdminAnswer>): Promise<[number, unknown]> => {
  const { status, body } = await answer;
  return [status, (body as { error?: { params: unknown } } | null)?.error?.params];
};

const test = lockTest.extend('scene', { auto: true }, async ({ world, storeId, serialNumber }) => {
  const put = (path: string, body: unknown): Promise<AdminAnswer> =>
    world.admin('PUT', `/stores/${storeId}${path}`, body);
  const get = async (path: string): Promise<unknown> =>
    (await world.admin('GET', `/stores/${storeId}${path}`)).body;
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
  return { get, put };
});

test('a kiosk pulls them whole with its store and its people, and once more when they change', async ({
  storeId,
  kiosk,
  scene: { get, put },
}) => {
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

test('a store may have a rule for each of hundreds of groups, with their holidays', async ({
  kiosk,
  scene: { put },
}) => {
  const exceptions = Array.from({ length: 28 }, (_, at) => ({
    date: `2027-02-${String(at + 1).padStart(2, '0')}`,
    windows: [],
  }));
  const schedule = { weekly: [{ days, from: '08:00', until: '20:00' }], exceptions };
  const rules = Array.from({ length: 500 }, (_, at) => ({ group: `Case ${at}`, schedule }));
  expect((await put('/rights', { ...rights, rules })).status).toBe(204);
  expect((await kiosk.pullAll('store'))[0]).toMatchObject({ rights: { rules } });
});

test('a store that is put with another name or policy keeps them', async ({ kiosk, scene: { put } }) => {
  const [store] = await kiosk.pullAll('store');
  expect((await put('', { name: 'Harbour Street', policy: store?.['policy'] })).status).toBe(204);
  expect((await kiosk.pullAll('store'))[0]).toMatchObject({ name: 'Harbour Street', rights });
});

test('of a person, what is left out stays, and null takes it away', async ({
  kiosk,
  scene: { put, get },
}) => {
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

test('who may open what, and what somebody may open, is told for any time', async ({
  storeId,
  scene: { get },
}) => {
  const may = async (who: string, at: number): Promise<unknown> => get(`/staff/${who}/may?at=${at}`);
  expect(await may(lead, open)).toMatchObject({
    at: open,
    groups: [{ group: 'Spirits', decision: { kind: 'needs', needs: ['second_person'] } }],
  });
  expect(await may(associate, open)).toMatchObject({
    permissions: ['open', 'identify'],
    groups: [{ group: 'Spirits', decision: { kind: 'refused', by: 'group_roles', from: null } }],
    assignments: [{ storeId, roles: ['associate'], state: 'holds', groups: [] }],
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
test('of a store or a person that is not there nothing is told', async ({ world, storeId }) => {
  expect((await world.admin('GET', `/stores/${storeId}/staff/${nobody}/may`)).status).toBe(404);
  expect((await world.admin('GET', `/stores/${nobody}/may-open?group=`)).status).toBe(404);
  expect((await world.admin('GET', `/stores/${nobody}/rights`)).status).toBe(404);
  expect((await world.admin('PUT', `/stores/${nobody}/rights`, rights)).status).toBe(404);
  expect((await world.admin('DELETE', `/stores/${nobody}/rights`)).status).toBe(404);
});

test('what says nothing is refused with its place, and nothing changes', async ({ scene: { put, get } }) => {
  for (const [what, body, path, said] of unsound) {
    expect([what, ...(await problem(put('/rights', body)))]).toEqual([what, 400, { path, problem: said }]);
  }
  expect(await get('/rights')).toEqual({ rights });
});

test('a rule whose last day has passed stays as it is, and keeps no other from being changed', async ({
  storeId,
  db,
  scene: { put },
}) => {
  const over = { weekly: [], exceptions: [{ date: '2020-02-29', windows: [window] }] };
  const rules = [{ group: 'Christmas', schedule: over }];
  await db
    .updateTable('stores')
    .set({ own_rights: JSON.stringify({ ...rights, rules }) })
    .where('store_id', '=', storeId)
    .execute();
  const changed = { ...rights, rules: [...rules, { group: 'Spirits', twoPeople: true }] };
  expect((await put('/rights', changed)).status).toBe(204);
  const again = [{ group: 'Easter', schedule: over }, ...rules];
  expect(await problem(put('/rights', { ...rights, rules: again }))).toEqual([
    400,
    { path: 'rules.0.schedule', problem: 'opens at no time any more' },
  ]);
});

test('a time that is none is refused', async ({ world, storeId }) => {
  for (const at of ['', '0', '-1', '1.5', 'now'])
    expect([at, (await world.admin('GET', `/stores/${storeId}/may-open?group=&at=${at}`)).status]).toEqual([
      at,
      400,
    ]);
});

test('what a later release may know is refused, not passed over', async ({ scene: { put, get } }) => {
  expect((await put('/rights', rule({ threePeople: true }))).status).toBe(400);
  const unknown = { ...rights, roles: [{ roleId: 'x', name: 'X', permissions: ['teleport'] }] };
  expect((await put('/rights', unknown)).status).toBe(400);
  expect(await get('/rights')).toEqual({ rights });
});

test('a role does not go, nor the time zone, while somebody is judged by it', async ({
  world,
  storeId,
  kiosk,
  scene: { put, get },
}) => {
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
  ['an end before the begin', { until: '2025-12-31' }, 'until', 'is before the first day'],
  ['a day that no calendar has', { until: '2027-02-29' }, 'until', expect.any(String)],
];
test('a person of whom nothing could be judged is refused', async ({ scene: { put } }) => {
  for (const [what, more, path, said] of strangers) {
    const answer = await problem(put(`/staff/${associate}`, { name: 'Ines', ...more }));
    expect([what, ...answer]).toEqual([what, 400, { path, problem: said }]);
  }
});

test('dates need a store whose time zone is set', async ({ world }) => {
  const other = await world.makeStore();
  const dated = { name: 'Ines', pin: '693158', until: '2027-01-01' };
  expect(await problem(world.admin('PUT', `/stores/${other}/staff/${associate}`, dated))).toEqual([
    400,
    { path: 'until', problem: 'needs rights of the store, with its time zone' },
  ]);
});

test('each change is in the journal of operators, by ids alone', async ({ world, storeId }) => {
  await world.admin('DELETE', `/stores/${storeId}/rights`);
  const { acts } = journalAnswerSchema.parse((await world.admin('GET', '/journal?limit=10')).body);
  const ours = acts.filter(({ act }) => act.startsWith('rights'));
  expect(ours.map(({ act, on, outcome }) => ({ act, on, outcome }))).toEqual([
    { act: 'rights_removed', on: { storeId }, outcome: 'operator.bad_value' },
    { act: 'rights_put', on: { storeId }, outcome: 'done' },
  ]);
});

test('of somebody who has gone nothing is left', async ({ world, storeId, kiosk }) => {
  await world.admin('DELETE', `/stores/${storeId}/staff/${associate}`);
  const [row] = (await kiosk.pullAll('staff')).filter(({ staffId }) => staffId === associate);
  expect(row).toEqual({ staffId: associate, version: row?.version, deleted: true });
});
