/** Stores follow people who are assigned: at once those that can, the others by themselves, and none waits for another for good. */
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { afterEach, expect, vi } from 'vitest';
import { strandedPerson } from '#backend/people/check-assignments.ts';
import { createSettlePeople } from '#backend/people/settling.ts';
import { silentLogger } from '#shared/flow/logger.ts';
import type { Tx } from '#backend/store/database.ts';
import { createJournalWriter } from './journal-writer.ts';
import type { TestKiosk } from './test-kiosk.ts';
import { storeTest } from './store-test.ts';
import { eventually } from './world.ts';

const test = storeTest.extend('scene', { auto: true }, ({ world, db }) => {
  const assign = (person = staffId, name = 'Ada') =>
    world.admin('PUT', `/people/${person}`, { name, pin, assignments: [lead] });
  const settling = () => createSettlePeople({ db, tenantId: world.config.tenantId, logger: silentLogger });
  const change = (person: string, values: { readonly name: string; readonly gone?: boolean }) =>
    db
      .updateTable('people')
      .set((row) => ({ ...values, revision: row('revision', '+', 1) }))
      .where('staff_id', '=', person)
      .execute();
  const makeStores = (count: number) =>
    db
      .insertInto('stores')
      .values(
        Array.from({ length: count }, () => ({
          ...{ tenant_id: world.config.tenantId, store_id: randomUUID(), name: 'A store', policy: '{}' },
          version: 1,
        })),
      )
      .execute();
  const rows = (person = staffId) =>
    db.selectFrom('staff').selectAll().where('staff_id', '=', person).orderBy('version').execute();
  const atStore = async (storeId: string) => (await rows()).find((row) => row.store_id === storeId);
  /** Until so many wait for a lock. */
  const waiting = (count: number) =>
    eventually(async () => {
      const { rows: found } = await sql`SELECT 1 FROM pg_locks WHERE NOT granted`.execute(db);
      expect(found).toHaveLength(count);
    });
  const hold = async (work: (tx: Tx) => Promise<unknown>) => {
    const { promise: until, resolve: release } = Promise.withResolvers<unknown>();
    const { promise: held, resolve } = Promise.withResolvers<unknown>();
    const done = db.transaction().execute(async (tx) => {
      // However long the rest of the test takes, on a busy machine too.
      await sql`SET LOCAL idle_in_transaction_session_timeout = 0`.execute(tx);
      resolve(await work(tx));
      await until;
    });
    await held;
    return async () => {
      release(null);
      await done;
    };
  };
  const staffId: string = randomUUID();
  return { assign, makeStores, change, staffId, settling, rows, atStore, hold, waiting };
});

afterEach(() => vi.restoreAllMocks());

const pin = '582047';
const lead = { roles: ['lead'] };

test('who waits for an answer waits for this person alone, and what is left follows by itself', async ({
  scene: { assign, makeStores, change, staffId, settling, rows },
}) => {
  await assign();
  const other = randomUUID();
  await assign(other, 'Bob');
  await makeStores(25);
  await change(other, { name: 'Robert' });
  await change(staffId, { name: 'Grace' });
  expect(await settling().one(staffId, AbortSignal.abort())).toEqual({ followed: 20, following: 6 });
  expect((await rows(other)).map(({ name }) => name)).toEqual(['Bob']);
  expect(await settling().all()).toBe(2);
  expect((await rows()).filter(({ name }) => name === 'Grace')).toHaveLength(26);
  expect(await settling().one(staffId, AbortSignal.abort())).toEqual({ followed: 0, following: 0 });
});

test('whom something was taken from goes before others, whoever was changed first', async ({
  db,
  kiosk,
  scene: { assign, change, settling },
}) => {
  const people = ['0', '1', '2'].map((digit) => `${digit}0000000-0000-4000-8000-000000000000`);
  for (const person of people) await assign(person);
  const [plain, blocked, gone] = people as [string, string, string];
  await db.transaction().execute(async (tx) => {
    // Nobody follows meanwhile.
    await tx.selectFrom('stores').select('name').where('store_id', '=', kiosk.storeId).forUpdate().execute();
    await change(plain, { name: 'Grace' });
    await tx
      .updateTable('people')
      .set({ revision: 9, takes_away: true })
      .where('staff_id', '=', blocked)
      .execute();
    await tx
      .updateTable('people')
      .set({ revision: 9, gone: true, assignments: '[]' })
      .where('staff_id', '=', gone)
      .execute();
  });
  await settling().all();
  const order = await db
    .selectFrom('staff')
    .select('staff_id')
    .where('store_id', '=', kiosk.storeId)
    .orderBy('version', 'desc')
    .limit(1)
    .execute();
  expect(order).toEqual([{ staff_id: plain }]);
  // Once all have followed nothing is urgent any more.
  const { takes_away: isUrgent } = await db
    .selectFrom('people')
    .select('takes_away')
    .where('staff_id', '=', blocked)
    .executeTakeFirstOrThrow();
  expect(isUrgent).toBe(false);
});

test('a block, an assignment that ends and a first one are urgent; a new name is not', async ({
  world,
  db,
  kiosk,
  scene: { assign, staffId, settling },
}) => {
  await assign();
  let whose = staffId;
  // Nothing with a PIN: hashing takes its time.
  const isUrgent = (path: string, method: string, body?: object) =>
    db.transaction().execute(async (tx) => {
      await sql`SELECT 1 FROM stores WHERE store_id = ${kiosk.storeId} FOR UPDATE`.execute(tx);
      await world.admin(method, path, body);
      const of = tx.selectFrom('people').select('takes_away').where('staff_id', '=', whose);
      return (await of.executeTakeFirstOrThrow()).takes_away;
    });
  const other = await world.makeStore();
  const person = `/people/${staffId}`;
  const whole = { name: 'Grace', assignments: [lead] };
  expect(await isUrgent(person, 'PUT', whole)).toBe(false);
  expect(await isUrgent(`/stores/${other}/staff/${staffId}/badges`, 'DELETE')).toBe(true);
  await settling().all();
  expect(await isUrgent(person, 'PUT', { ...whole, assignments: [] })).toBe(true);
  // Who had rows of their own in stores has none there any more.
  whose = randomUUID();
  await world.admin('PUT', `/stores/${other}/staff/${whose}`, { name: 'Grace', pin });
  const assignments = [{ ...lead, storeId: kiosk.storeId }];
  expect(await isUrgent(`/people/${whose}`, 'PUT', { ...whole, assignments })).toBe(true);
});

test('what a backend of the release before does to a store’s row of somebody who is assigned is noticed', async ({
  world,
  db,
  kiosk,
  scene: { assign, staffId, settling, atStore },
}) => {
  await assign();
  const inTheOpen = JSON.stringify({ n: 2, r: 1, p: 1, salt: 'AA==', hash: 'AA==' });
  const old = { name: 'Eve', pin: inTheOpen, deleted: false };
  for (const set of [old, { ...old, name: 'Ada' }, { name: '', pin: inTheOpen, deleted: true }]) {
    await db.updateTable('staff').set(set).where('staff_id', '=', staffId).execute();
    expect(await settling().all()).toBe(1);
    expect(await atStore(kiosk.storeId)).toMatchObject({ name: 'Ada', deleted: false, pin: { sealed: {} } });
  }
  // Put in a store that they do not reach.
  await world.admin('PUT', `/people/${staffId}`, { name: 'Ada', assignments: [] });
  await db.updateTable('staff').set(old).where('staff_id', '=', staffId).execute();
  await settling().all();
  expect(await atStore(kiosk.storeId)).toMatchObject({ name: '', deleted: true });
});

test('two stores that tell of two people’s badges in opposite order do not wait for each other', async ({
  world,
  db,
  kiosk,
  scene: { staffId, assign, hold, waiting },
}) => {
  const [one, two] = [staffId, randomUUID()];
  const other = await world.makeKiosk(await world.makeStore());
  for (const person of [one, two]) await assign(person);
  const rowOf = (person: string) => (tx: Tx) =>
    sql`SELECT 1 FROM people WHERE staff_id = ${person} FOR UPDATE`.execute(tx);
  const releases = await Promise.all([hold(rowOf(one)), hold(rowOf(two))]);
  const tell = (at: TestKiosk, people: readonly string[]) => {
    const journal = createJournalWriter(at);
    const events = people.map((person, n) =>
      journal.one({
        ...{ kind: 'badge_assigned', serialNumber: null, attemptId: null, stageMs: {}, staffId: person },
        ...{ at: Date.now(), badges: [`${at === kiosk ? 'a' : 'b'}${n}`.repeat(32)] },
      }),
    );
    return at.push('accessEvents', events);
  };
  const pushed = [tell(kiosk, [one, two]), tell(other, [two, one])];
  await waiting(2);
  for (const release of releases) await release();
  await Promise.all(pushed);
  const kept = await db
    .selectFrom('people')
    .select('badges')
    .where('tenant_id', '=', world.config.tenantId)
    .execute();
  expect(kept.map(({ badges }) => badges?.length)).toEqual([2, 2]);
  expect(world.log.join('\n')).not.toContain('40P01');
});

test('whoever puts somebody in a store and whoever assigns them do not wait for each other', async ({
  world,
  kiosk,
  scene: { staffId, hold, waiting },
}) => {
  const inStore = { name: 'Ada', pin };
  const path = `/stores/${kiosk.storeId}/staff/${staffId}`;
  await world.admin('PUT', path, inStore);
  const release = await hold((tx) =>
    sql`SELECT 1 FROM stores WHERE store_id = ${kiosk.storeId} FOR UPDATE`.execute(tx),
  );
  // Neither with a PIN: hashing takes its time.
  const put = world.admin('PUT', path, { name: 'Grace' });
  await waiting(1);
  const assigned = world.admin('PUT', `/people/${staffId}`, { name: 'Ada', assignments: [lead] });
  await waiting(2);
  await release();
  expect([(await put).status, (await assigned).status]).toEqual([204, 200]);
});

test('whether a change leaves somebody without rights takes no more questions for a thousand people than for one', async ({
  world,
  db,
  kiosk,
}) => {
  const tenantId = world.config.tenantId;
  await db
    .insertInto('people')
    .values(
      Array.from({ length: 1_000 }, (_, n) => ({
        ...{ tenant_id: tenantId, staff_id: randomUUID(), name: `P ${n}`, pin: '{}', revision: 1 },
        ...{ assignments: JSON.stringify([lead, { ...lead, storeId: kiosk.storeId }]), settled_revision: 1 },
      })),
    )
    .execute();
  let asked = 0;
  const counting = db.withPlugin({
    transformQuery: ({ node }) => {
      asked += 1;
      return node;
    },
    transformResult: ({ result }) => Promise.resolve(result),
  });
  expect(await counting.transaction().execute((tx) => strandedPerson(tx, tenantId))).toBeNull();
  expect(asked).toBeLessThanOrEqual(4);
});

test.for([
  // Twenty fail in a hurry, the last follows in the next slice, and one more comes to nothing.
  { stores: 21, slices: [60_000, 2_800, 2_800], follow: 1 },
  // What a store takes is longer than a slice.
  { stores: 1, slices: [50, 50], follow: 0 },
])(
  'stores that stay held keep nobody waiting for longer than a slice: $stores',
  async (
    given,
    { world, db, kiosk, scene: { assign, makeStores, hold, change, staffId, settling, rows } },
  ) => {
    await assign();
    if (given.stores > 1) await makeStores(given.stores - 1);
    const all = await db
      .selectFrom('stores')
      .select('store_id')
      .where('tenant_id', '=', world.config.tenantId)
      .where('store_id', '!=', kiosk.storeId)
      .execute();
    const last =
      all
        .map(({ store_id: storeId }) => storeId)
        .toSorted()
        .at(-1) ?? '';
    const release = await hold((tx) =>
      sql`SELECT 1 FROM stores WHERE tenant_id = ${world.config.tenantId} AND store_id::text <> ${last}
      FOR UPDATE`.execute(tx),
    );
    const timeout = AbortSignal.timeout.bind(AbortSignal);
    let slices = 0;
    const next = () => given.slices[(slices += 1) - 1] ?? 0;
    vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => timeout(ms === 5_000 ? next() : ms));
    await change(staffId, { name: 'Grace' });
    expect(await settling().all()).toBe(0);
    expect(slices).toBe(given.slices.length);
    expect((await rows()).filter(({ name }) => name === 'Grace')).toHaveLength(given.follow);
    await release();
    vi.restoreAllMocks();
    expect(await settling().all()).toBe(1);
  },
);
