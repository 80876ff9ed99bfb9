/** Rights that stores start from: what is set for the organisation and a district, and what a store comes to with its own. */
import { expect } from 'vitest';
import { mergedRightsSchema, organisationSchema } from '#backend/admin/answers.ts';
import { journalAnswerSchema } from '#backend/admin/operator-acts.ts';
import { decide, readRights } from '#shared/rights/decide.ts';
import { storeTest } from './store-test.ts';
import type { AdminAnswer } from './world.ts';

const north = '2c9d3a52-8a63-4d51-9f53-0a4c5d1e7f11';
const south = '2c9d3a52-8a63-4d51-9f53-0a4c5d1e7f12';
const ines = '2c9d3a52-8a63-4d51-9f53-0a4c5d1e7f01';

const problem = async (answer: Promise<AdminAnswer>): Promise<unknown[]> => {
  const { status, body } = await answer;
  return [status, (body as { error?: { params: unknown } } | null)?.error?.params];
};

const zone = { timeZone: 'Europe/Paris' };
const night = { roleId: 'night', name: 'Night shift', permissions: ['open'] };
const ofAll = {
  ...zone,
  roles: [night],
  rules: [
    { group: null, twoPeople: true },
    { group: 'Spirits', roles: ['lead', 'night'] },
  ],
};
const ofNorth = { ...zone, roles: [], rules: [{ group: ' spirits', roles: ['manager'] }] };
const ofStore = { timeZone: 'Asia/Tokyo', roles: [], rules: [{ group: 'Watches', roles: ['night'] }] };

const test = storeTest.extend('scene', { auto: true }, async ({ world, storeId, kiosk }) => {
  const done = async (method: string, path: string, body?: unknown): Promise<void> => {
    const answer = await world.admin(method, path, body);
    expect([method, path, answer]).toEqual([method, path, { status: 204, body: null }]);
  };
  const pulled = async (): Promise<Record<string, unknown>> => (await kiosk.pullAll('store'))[0] ?? {};
  const merged = async () =>
    mergedRightsSchema.parse((await world.admin('GET', `/stores/${storeId}/merged-rights`)).body);
  const organisation = async () => organisationSchema.parse((await world.admin('GET', '/organisation')).body);
  await done('PUT', `/districts/${north}`, { name: 'North' });
  await done('PUT', `/districts/${south}`, { name: 'Sud' });
  return { pulled, done, merged, organisation };
});

test('a store comes to the rules of its organisation, of its district in their place, and to its own before both', async ({
  world,
  storeId,
  scene: { pulled, done, merged },
}) => {
  expect(await pulled()).not.toHaveProperty('rights');
  await done('PUT', '/organisation/rights', ofAll);
  expect(await pulled()).toMatchObject({ rights: ofAll });
  await done('PUT', `/districts/${north}/rights`, ofNorth);
  await done('PUT', `/stores/${storeId}/district`, { districtId: north });
  await done('PUT', `/stores/${storeId}/rights`, ofStore);
  const rights = {
    timeZone: 'Asia/Tokyo',
    roles: [night],
    rules: [...ofStore.rules, ...ofNorth.rules, { group: null, twoPeople: true }],
  };
  expect(await pulled()).toMatchObject({ rights });
  expect(await merged()).toEqual({
    rights,
    rules: [
      { group: 'Watches', from: 'store' },
      { group: ' spirits', from: 'district' },
      { group: null, from: 'organisation' },
    ],
  });
  // What was set for each stays as it was set.
  expect((await world.admin('GET', `/stores/${storeId}/rights`)).body).toEqual({ rights: ofStore });
  await done('DELETE', `/stores/${storeId}/rights`);
  await done('PUT', `/stores/${storeId}/district`, { districtId: null });
  await done('DELETE', '/organisation/rights');
  expect(await pulled()).not.toHaveProperty('rights');
});

test('kiosks have the names of the organisation and of the district that they are in, anew when one changes', async ({
  storeId,
  scene: { pulled, done },
}) => {
  const names = async () => {
    const { district, organisation } = await pulled();
    return [district, organisation];
  };
  const version = async () => (await pulled())['version'];
  expect(await names()).toEqual([undefined, undefined]);
  await done('PUT', '/organisation', { name: 'Harbour Retail' });
  await done('PUT', `/stores/${storeId}/district`, { districtId: north });
  expect(await names()).toEqual(['North', 'Harbour Retail']);
  const before = await version();
  await done('PUT', `/districts/${south}`, { name: 'South' });
  await done('PUT', `/districts/${north}`, { name: 'North' });
  await done('PUT', '/organisation', { name: 'Harbour Retail' });
  expect(await version()).toBe(before);
  await done('PUT', `/districts/${north}`, { name: 'North-East' });
  expect(await version()).toBeGreaterThan(Number(before));
  await done('PUT', '/organisation', { name: 'Harbour Stores' });
  expect(await names()).toEqual(['North-East', 'Harbour Stores']);
  await done('PUT', `/stores/${storeId}/district`, { districtId: null });
  expect(await names()).toEqual([undefined, 'Harbour Stores']);
});

test('who may open what is told by what it comes to, and the kiosk decides the same', async ({
  world,
  storeId,
  scene: { done, pulled },
}) => {
  await done('PUT', '/organisation/rights', ofAll);
  await done('PUT', `/stores/${storeId}/staff/${ines}`, { name: 'Ines', pin: '693158', roles: ['night'] });
  const at = Date.UTC(2026, 10, 30, 9);
  const told = async (group: string): Promise<unknown> =>
    (await world.admin('GET', `/stores/${storeId}/may-open?group=${group}&at=${at}`)).body;
  const decided = async (group: string): Promise<unknown> =>
    decide({ staffId: ines, roles: ['night'] }, 'open', group, at, readRights((await pulled())['rights']));
  const both = async (group: string, decision: object): Promise<void> => {
    expect(await told(group)).toMatchObject({ people: [{ name: 'Ines', decision }] });
    expect(await decided(group)).toEqual(decision);
  };
  await both('Spirits', { kind: 'allowed' });
  await both('Watches', { kind: 'needs', needs: ['second_person'] });
  await done('PUT', `/districts/${north}/rights`, ofNorth);
  await done('PUT', `/stores/${storeId}/district`, { districtId: north });
  await both('Spirits', { kind: 'refused', by: 'group_roles', from: null });
  await both('Watches', { kind: 'needs', needs: ['second_person'] });
});

test('a new store starts from them, and what changes nothing for a store is no change for its kiosks', async ({
  world,
  storeId,
  scene: { done, pulled },
}) => {
  await done('PUT', '/organisation/rights', ofAll);
  const other = await world.makeKiosk(await world.makeStore());
  expect((await other.pullAll('store'))[0]).toMatchObject({ rights: ofAll });
  await done('PUT', `/stores/${storeId}/district`, { districtId: north });
  const before = await pulled();
  await done('PUT', '/organisation/rights', ofAll);
  await done('PUT', `/districts/${south}/rights`, ofNorth);
  await done('PUT', `/stores/${storeId}/district`, { districtId: north });
  // The badge key is sealed anew for each answer.
  expect(await pulled()).toEqual({ ...before, badgeKey: expect.any(String) as unknown });
  await done('PUT', `/districts/${north}/rights`, ofNorth);
  expect((await pulled())['version']).toBeGreaterThan(Number(before['version']));
  expect((await other.pullAll('store'))[0]).toMatchObject({ rights: ofAll });
});

test('nothing is set at one level by which somebody, or a rule of another level, could no longer be judged', async ({
  world,
  storeId,
  scene: { done, pulled, organisation },
}) => {
  await done('PUT', '/organisation/rights', ofAll);
  await done('PUT', `/stores/${storeId}/rights`, ofStore);
  await done('PUT', `/stores/${storeId}/staff/${ines}`, { name: 'Ines', pin: '693158', roles: ['night'] });
  const before = await pulled();
  const without = { ...ofAll, roles: [], rules: [] };
  expect(await problem(world.admin('PUT', '/organisation/rights', without))).toEqual([
    400,
    { path: 'roles', problem: 'leaves out night, which somebody has' },
  ]);
  await done('PUT', `/stores/${storeId}/staff/${ines}`, { name: 'Ines', roles: null });
  expect(await problem(world.admin('PUT', '/organisation/rights', without))).toEqual([
    400,
    { path: 'roles', problem: 'leaves out night, by which a rule of a store goes' },
  ]);
  const stranger = { ...zone, rules: [{ group: 'Spirits', roles: ['boss'] }] };
  for (const path of ['/organisation/rights', `/districts/${north}/rights`, `/stores/${storeId}/rights`])
    expect(await problem(world.admin('PUT', path, stranger))).toEqual([
      400,
      { path: 'rules.0.roles.0', problem: 'is no role of this store' },
    ]);
  const many = (of: string) => ({
    ...zone,
    rules: Array.from({ length: 300 }, (_, at) => ({ group: `${of} ${at}`, twoPeople: true })),
  });
  await done('PUT', `/districts/${north}/rights`, many('A'));
  await done('PUT', `/stores/${storeId}/rights`, many('B'));
  expect(await problem(world.admin('PUT', `/stores/${storeId}/district`, { districtId: north }))).toEqual([
    400,
    { path: 'rules', problem: 'come to too many with those of the other levels' },
  ]);
  expect((await organisation()).rights).toEqual(ofAll);
  expect((await organisation()).districts[0]?.stores).toEqual([]);
  expect((await pulled())['rights']).not.toEqual(before['rights']);
});

test('a store is in one district at the most; one with stores in it does not go', async ({
  world,
  storeId,
  scene: { done, organisation },
}) => {
  await done('PUT', '/organisation', { name: 'Harbour Stores' });
  await done('PUT', `/stores/${storeId}/district`, { districtId: north });
  await done('PUT', `/stores/${storeId}/district`, { districtId: south });
  await done('PUT', `/districts/${south}`, { name: 'South' });
  expect(await organisation()).toEqual({
    name: 'Harbour Stores',
    rights: null,
    districts: [
      { districtId: north, name: 'North', rights: null, stores: [] },
      { districtId: south, name: 'South', rights: null, stores: [storeId] },
    ],
  });
  expect(await problem(world.admin('DELETE', `/districts/${south}`))).toEqual([
    400,
    { path: 'districtId', problem: 'has stores in it' },
  ]);
  await done('DELETE', `/districts/${north}`);
  const { acts } = journalAnswerSchema.parse((await world.admin('GET', '/journal?limit=3')).body);
  expect(acts.map(({ act, on, outcome }) => [act, on, outcome])).toEqual([
    ['district_removed', { districtId: north }, 'done'],
    ['district_removed', { districtId: south }, 'operator.bad_value'],
    ['district_put', { districtId: south }, 'done'],
  ]);
});

test('a store’s time zone and address are set with it, stay where they are left out, and its rights go by that zone', async ({
  world,
  storeId,
  scene: { done, pulled },
}) => {
  const policy = { offlineLeaseHours: 168, idleSignOutSeconds: 120, holdOpenSeconds: 5 };
  const put = (more: object): Promise<AdminAnswer> =>
    world.admin('PUT', `/stores/${storeId}`, { name: 'A store', policy, ...more });
  const listed = async (): Promise<unknown> => (await world.admin('GET', '/stores')).body;
  await done('PUT', '/organisation/rights', ofAll);
  expect((await put({ timeZone: 'Asia/Tokyo', address: '1 Quay' })).status).toBe(204);
  expect((await put({})).status).toBe(204);
  expect(await listed()).toMatchObject({ stores: [{ timeZone: 'Asia/Tokyo', address: '1 Quay' }] });
  expect(await pulled()).toMatchObject({ rights: { ...ofAll, timeZone: 'Asia/Tokyo' } });
  expect(await problem(put({ timeZone: 'Europe/Pairs' }))).toEqual([
    400,
    { path: 'timeZone', problem: 'is no time zone of the IANA database' },
  ]);
  await done('PUT', `/stores/${storeId}/rights`, ofStore);
  expect((await put({ timeZone: 'Europe/Berlin' })).status).toBe(204);
  expect((await world.admin('GET', `/stores/${storeId}/rights`)).body).toMatchObject({
    rights: { timeZone: 'Europe/Berlin' },
  });
  expect(await problem(put({ timeZone: null }))).toEqual([
    400,
    { path: 'timeZone', problem: 'is needed by the rights of the store' },
  ]);
});
