/** People who are assigned to stores, districts and the organisation: one person wherever they are, and nowhere else. */
import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { peopleAnswerSchema } from '#backend/people/people-contract.ts';
import { silentLogger } from '#shared/flow/logger.ts';
import { createSettlePeople } from '#backend/people/settling.ts';
import { createJournalWriter } from './journal-writer.ts';
import type { TestKiosk } from './test-kiosk.ts';
import { storeTest } from './store-test.ts';
import { eventually, policy } from './world.ts';

const rights = (zone: string) => ({ timeZone: zone, roles: [], rules: [] });

const bad = (path: string, problem: string) => ({
  status: 400,
  body: { error: { code: 'operator.bad_value', params: { path, problem } } },
});

const lead = { roles: ['lead'] };
const pin = '582047';

const test = storeTest.extend('scene', { auto: true }, async ({ world, db, kiosk }) => {
  const move = (storeId: string, districtId: string | null) =>
    world.admin('PUT', `/stores/${storeId}/district`, { districtId });
  const put = (assignments: readonly object[], more: object = {}) =>
    world.admin('PUT', `/people/${staffId}`, { name: 'Ada', assignments, ...more });
  const atStore = async (at: TestKiosk, of = staffId) =>
    (await at.pullAll('staff')).find((row) => row['staffId'] === of && !row['deleted']);
  const people = async () => peopleAnswerSchema.parse((await world.admin('GET', '/people')).body).people;
  /** Wherever a value of the person could be: the rows of every table, as text. */
  const anywhere = async (text: string): Promise<boolean> => {
    const tables = ['people', 'staff', 'stores', 'operator_acts'] as const;
    const rows = await Promise.all(tables.map((table) => db.selectFrom(table).selectAll().execute()));
    return JSON.stringify(rows).includes(text);
  };
  const settling = () => createSettlePeople({ db, tenantId: world.config.tenantId, logger: silentLogger });
  const [district, staffId] = [randomUUID(), randomUUID()];
  const other = await world.makeKiosk(await world.makeStore());
  await world.admin('PUT', `/districts/${district}`, { name: 'North' });
  await move(kiosk.storeId, district);
  return { put, district, atStore, other, move, people, staffId, anywhere, settling };
});

test('who is assigned to a district is at its stores, follows a store into it and out of it, and is told where', async ({
  kiosk,
  scene: { put, district, atStore, other, move, people, staffId },
}) => {
  expect(await put([{ ...lead, districtId: district }], { pin, employeeNumber: '0042' })).toMatchObject({
    status: 200,
    body: { followed: 1, following: 0 },
  });
  expect(await atStore(kiosk)).toMatchObject({ name: 'Ada', ...lead, employeeNumber: '0042' });
  expect(await atStore(other)).toBeUndefined();
  await move(other.storeId, district);
  expect((await atStore(other))?.['pin']).toEqual((await atStore(kiosk))?.['pin']);
  expect(await people()).toMatchObject([
    {
      staffId,
      stores: [kiosk.storeId, other.storeId].toSorted(),
      assignments: [{ ...lead, districtId: district }],
    },
  ]);
  await move(kiosk.storeId, null);
  expect(await atStore(kiosk)).toBeUndefined();
  expect(await atStore(other)).toMatchObject(lead);
});

test('who is assigned to the organisation is at every store, also at one that is made later', async ({
  world,
  kiosk,
  scene: { put, other, atStore },
}) => {
  await put([lead], { pin });
  for (const each of [kiosk, other, await world.makeKiosk(await world.makeStore())])
    expect(await atStore(each)).toMatchObject({ name: 'Ada', ...lead });
});

test('a person in two districts is one person: in each as they are assigned there, with one name and one PIN', async ({
  world,
  kiosk,
  scene: { move, other, put, district, atStore },
}) => {
  const south = randomUUID();
  await world.admin('PUT', `/districts/${south}`, { name: 'South' });
  await move(other.storeId, south);
  await put(
    [
      { ...lead, districtId: district },
      { roles: ['auditor'], districtId: south },
    ],
    { pin },
  );
  expect(await atStore(kiosk)).toMatchObject(lead);
  expect(await atStore(other)).toMatchObject({ roles: ['auditor'] });
  await put([{ ...lead, districtId: south }], { name: 'Ada Byron' });
  expect(await atStore(kiosk)).toBeUndefined();
  expect(await atStore(other)).toMatchObject({ name: 'Ada Byron', ...lead });
});

test('assignments hold on their own days; those of the same days are one, with the roles of all', async ({
  world,
  kiosk,
  scene: { put, district, atStore, other, staffId },
}) => {
  await world.admin('PUT', '/organisation/rights', rights('Europe/Paris'));
  const at = { storeId: kiosk.storeId };
  const january = { from: '2027-01-01', until: '2027-01-31' };
  await put(
    [{ ...lead, districtId: district }, { roles: ['auditor'], ...january, ...at }, { roles: ['associate'] }],
    { pin },
  );
  const held = [{ roles: ['lead', 'associate'] }, { roles: ['auditor'], ...january }];
  expect(await atStore(kiosk)).toMatchObject({ roles: [], assignments: held });
  expect(await atStore(other)).toMatchObject({ roles: ['associate'] });
  expect(await atStore(other)).toMatchObject({ assignments: [{ at: { organisation: ['associate'] } }] });
  const may = async (time: string) =>
    (await world.admin('GET', `/stores/${kiosk.storeId}/staff/${staffId}/may?at=${Date.parse(time)}`)).body;
  const through = (audits: string) => [
    { ...lead, districtId: district, state: 'holds' },
    { roles: ['auditor'], ...january, ...at, permissions: ['read_activity', 'export'], state: audits },
    { roles: ['associate'], state: 'holds' },
  ];
  expect(await may('2027-01-31T12:00+01:00')).toMatchObject({
    permissions: expect.arrayContaining(['read_activity', 'open_group']) as string[],
    assignments: through('holds'),
  });
  expect(await may('2026-12-31T12:00+01:00')).toMatchObject({ assignments: through('not_started') });
  const inFebruary = (await may('2027-02-01T12:00+01:00')) as { permissions: string[] };
  expect(inFebruary.permissions).toContain('open_group');
  expect(inFebruary.permissions).not.toContain('read_activity');
  expect(inFebruary).toMatchObject({ assignments: through('ended') });
  expect((await world.admin('GET', `/stores/${kiosk.storeId}/staff`)).body).toMatchObject({
    staff: [{ assignments: held }],
  });
  const removed = () => world.admin('DELETE', '/organisation/rights');
  expect(await removed()).toEqual(bad('timeZone', 'goes while people have dates'));
  // Nor while there is no store yet in which they would be judged.
  const empty = randomUUID();
  await world.admin('PUT', `/districts/${empty}`, { name: 'East' });
  await put([{ ...lead, districtId: empty, ...january }]);
  expect(await removed()).toEqual(bad('assignments', `of ${staffId} could no longer be judged`));
});

test('what says nothing is refused with its place, and nothing changes', async ({
  world,
  kiosk,
  scene: { put, atStore, district, move },
}) => {
  await put([lead], { pin });
  const [nowhere, before] = [randomUUID(), await atStore(kiosk)];
  const dated = { ...lead, storeId: kiosk.storeId, from: '2027-01-02' };
  await world.admin('PUT', `/stores/${kiosk.storeId}/rights`, {
    ...rights('Europe/Paris'),
    roles: [{ roleId: 'expert', name: 'Expert', permissions: ['open'] }],
  });
  expect(await put([lead, { ...lead, districtId: nowhere }])).toEqual(
    bad('assignments.1.districtId', 'is no district'),
  );
  expect(await put([{ ...lead, storeId: nowhere }])).toEqual(bad('assignments.0.storeId', 'is no store'));
  expect(await put([{ roles: ['lead', 'expert'] }])).toEqual(
    bad('assignments.0.roles.1', 'is no role of everywhere that it would hold'),
  );
  expect(await put([{ ...lead, until: '2027-01-01' }])).toEqual(
    bad('assignments.0.until', 'needs rights there, with a time zone'),
  );
  expect(await put([{ ...dated, until: '2027-01-01' }])).toEqual(
    bad('assignments.0.until', 'is before the first day'),
  );
  expect(await put([dated, { ...dated, from: '2027-03-01' }])).toEqual(
    bad('assignments.1.from', 'holds on days on which assignments.0 holds at the same place'),
  );
  expect((await put([lead], { pin: '123456' })).status).toBe(422);
  expect(await atStore(kiosk)).toEqual(before);
  expect(
    (await put([dated, { roles: ['expert'], storeId: kiosk.storeId, until: '2027-01-01' }])).status,
  ).toBe(200);
  expect(await world.admin('DELETE', `/districts/${district}`)).toEqual(
    bad('districtId', 'has stores in it'),
  );
  await put([{ ...lead, districtId: district }]);
  await move(kiosk.storeId, null);
  expect(await world.admin('DELETE', `/districts/${district}`)).toEqual(
    bad('districtId', 'has people assigned to it'),
  );
});

test('who was put in stores is the same person; a store cannot change who is assigned', async ({
  world,
  kiosk,
  scene: { staffId, atStore, put, other, people },
}) => {
  const inStore = `/stores/${kiosk.storeId}/staff/${staffId}`;
  await world.admin('PUT', inStore, { name: 'Ada', pin });
  const verifier = (await atStore(kiosk))?.['pin'];
  await put([{ ...lead, storeId: other.storeId }]);
  expect(await atStore(kiosk)).toBeUndefined();
  expect(await atStore(other)).toMatchObject({ ...lead, pin: verifier });
  expect(await people()).toMatchObject([{ staffId, settled: true }]);
  const refused = bad('staffId', 'is of somebody who is assigned: change them under /v1/admin/people');
  expect(await world.admin('PUT', inStore, { name: 'Eve', pin })).toEqual(refused);
  expect(await world.admin('DELETE', `/stores/${other.storeId}/staff/${staffId}`)).toEqual(refused);
  const bob = randomUUID();
  for (const { storeId } of [kiosk, other])
    await world.admin('PUT', `/stores/${storeId}/staff/${bob}`, { name: 'Bob', pin });
  expect(await world.admin('PUT', `/people/${bob}`, { name: 'Bob', assignments: [lead] })).toEqual(
    bad('pin', 'is needed: in several stores they have one of their own'),
  );
});

test('a badge is known wherever they are, given by an operator or at a kiosk, and blocked everywhere at once', async ({
  world,
  kiosk,
  scene: { put, staffId, atStore, other },
}) => {
  await put([lead], { pin });
  const badge = `/stores/${kiosk.storeId}/staff/${staffId}/badges`;
  expect((await world.admin('PUT', badge, { number: '1234567890' })).status).toBe(204);
  const given = (await atStore(kiosk))?.['badges'];
  expect(given).toHaveLength(1);
  expect((await atStore(other))?.['badges']).toEqual(given);
  const hash = 'ab'.repeat(32);
  const bare = { serialNumber: null, attemptId: null, stageMs: {}, staffId, at: Date.now() };
  await other.push('accessEvents', [
    createJournalWriter(other).one({ ...bare, kind: 'badge_assigned', badges: [hash] }),
  ]);
  await eventually(async () => expect((await atStore(kiosk))?.['badges']).toMatchObject([{}, { hash }]));
  await world.admin('DELETE', badge);
  expect((await atStore(other))?.['badges']).toMatchObject([{ blocked: true }, { hash, blocked: true }]);
  // Somebody who comes to a store where another has the same badge does not take it from them.
  const late = await world.makeKiosk(await world.makeStore());
  expect((await atStore(late))?.['badges']).toEqual((await atStore(other))?.['badges']);
});

test('erased, nothing is left of them but their id, and the kiosks of every store hear of it', async ({
  world,
  db,
  scene: { put, district, atStore, other, anywhere, staffId },
}) => {
  await put([lead, { roles: ['manager'], districtId: district }], {
    pin,
    name: 'Ada Lovelace',
    employeeNumber: 'E-4711',
  });
  const { version } = (await atStore(other)) ?? {};
  expect(await anywhere('Lovelace')).toBe(true);
  expect(await world.admin('DELETE', `/people/${staffId}`)).toEqual({
    status: 200,
    body: { followed: 2, following: 0 },
  });
  for (const text of ['Lovelace', 'E-4711']) expect(await anywhere(text)).toBe(false);
  expect((await other.pull('staff', Number(version))).documents).toEqual([
    { staffId, version: expect.any(Number) as number, deleted: true },
  ]);
  expect(await db.selectFrom('people').selectAll().where('staff_id', '=', staffId).execute()).toEqual([]);
  expect((await world.admin('DELETE', `/people/${staffId}`)).status).toBe(404);
  expect(await put([lead])).toMatchObject({ status: 404 });
});

test('a store that somebody holds follows later, and holds up no other', async ({
  db,
  kiosk,
  scene: { put, people, staffId, atStore, other },
}) => {
  await put([lead], { pin });
  await db.transaction().execute(async (tx) => {
    await tx.selectFrom('stores').select('name').where('store_id', '=', kiosk.storeId).forUpdate().execute();
    expect(await put([{ roles: ['auditor'] }])).toEqual({
      status: 200,
      body: { followed: 1, following: 1 },
    });
    expect(await people()).toMatchObject([{ staffId, settled: false }]);
    expect(await atStore(other)).toMatchObject({ roles: ['auditor'] });
    expect(await atStore(kiosk)).toMatchObject(lead);
  });
  // By itself: whoever was answered does not have to ask again.
  await eventually(async () => expect(await people()).toMatchObject([{ staffId, settled: true }]));
  expect(await atStore(kiosk)).toMatchObject({ roles: ['auditor'] });
});

test('what an instance that ended has left half done goes on: a store at a time, once', async ({
  world,
  db,
  kiosk,
  scene: { put, staffId, settling, atStore },
}) => {
  await put([lead], { pin });
  await db
    .updateTable('people')
    .set({ name: 'Grace', revision: 7 })
    .where('staff_id', '=', staffId)
    .execute();
  const settle = () => settling().all();
  expect(await settle()).toBe(1);
  const { version } = (await atStore(kiosk)) ?? {};
  expect(await settle()).toBe(0);
  expect(await atStore(kiosk)).toMatchObject({ name: 'Grace', version });
  // A change of the store alone is none of the person's.
  await world.admin('PUT', `/stores/${kiosk.storeId}`, { name: 'Another name', policy });
  expect(await atStore(kiosk)).toMatchObject({ version });
});
