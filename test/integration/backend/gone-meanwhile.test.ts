/** What was done to somebody while a PIN is hashed holds, whatever the request that began before says. */
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { staffAnswerSchema } from '#backend/admin/answers.ts';
import type { Tx } from '#backend/store/database.ts';
import { goneStaff } from '#backend/store/tombstones.ts';
import { faultsOf, listCalls } from './list-calls.ts';
import { storeTest } from './store-test.ts';
import { eventually, policy } from './world.ts';

const test = storeTest.extend('scene', { auto: true }, async ({ world, storeId, db }) => {
  const people = async () =>
    staffAnswerSchema.parse((await world.admin('GET', `/stores/${storeId}/staff`)).body).staff;
  const put = (pin: string) =>
    world.admin('PUT', `/stores/${storeId}/staff/${staffId}`, { name: 'Ines', employeeNumber: '00417', pin });
  /** Begins `request` while the store and the person are held, does `meanwhile`, and lets the request go on. */
  const during = <T>(request: () => Promise<T>, meanwhile: (tx: Tx) => Promise<unknown>): Promise<T> =>
    db
      .transaction()
      .execute(async (tx) => {
        // A PIN is hashed meanwhile, which takes a busy machine its time.
        await sql`SET LOCAL idle_in_transaction_session_timeout = 0`.execute(tx);
        await sql`SELECT 1 FROM stores WHERE store_id = ${storeId} FOR UPDATE`.execute(tx);
        await sql`SELECT 1 FROM people WHERE staff_id = ${staffId} FOR UPDATE`.execute(tx);
        const answer = request();
        await eventually(async () => {
          const { rows } = await sql`SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'`.execute(
            db,
          );
          expect(rows).toHaveLength(1);
        });
        await meanwhile(tx);
        return { answer };
      })
      .then(({ answer }) => answer);
  const removedDuring = <T>(request: () => Promise<T>): Promise<T> =>
    during(request, (tx) => tx.updateTable('staff').set(goneStaff).where('staff_id', '=', staffId).execute());
  const row = () =>
    db.selectFrom('staff').selectAll().where('staff_id', '=', staffId).executeTakeFirstOrThrow();
  const staffId: string = randomUUID();
  expect((await put('693158')).status).toBe(204);
  return { removedDuring, put, people, staffId, during, row };
});

test('who is removed stays removed: by a PIN', async ({ scene: { removedDuring, put, people } }) => {
  expect(await removedDuring(() => put('582047'))).toMatchObject({
    status: 404,
    body: { error: { code: 'operator.not_found' } },
  });
  expect(await people()).toEqual([]);
  // Whoever is put anew afterwards is there again.
  expect((await put('582047')).status).toBe(204);
  expect(await people()).toMatchObject([{ name: 'Ines' }]);
});

test.for(['Employee number,Name,PIN\n00417,Ines,582047\n', 'Employee number,Name\n00417,Ines Ortega\n'])(
  'who is removed stays removed: by a list: %j',
  async (list, { world, storeId, scene: { removedDuring, people } }) => {
    const { send } = listCalls(world, storeId);
    const sent = await removedDuring(() => send('staff', list));
    expect([sent.status, faultsOf(sent)]).toEqual([422, [[2, 'Employee number', 'not_here', null]]]);
    expect(await people()).toEqual([]);
  },
);

test('who is assigned meanwhile is not changed by a list', async ({
  world,
  storeId,
  scene: { staffId, during, row },
}) => {
  const { send } = listCalls(world, storeId);
  const person = {
    tenant_id: world.config.tenantId,
    staff_id: staffId,
    name: 'Ines',
    pin: '{}',
    revision: 1,
  };
  const sent = await during(
    () => send('staff', 'Employee number,Name\n00417,Ines Ortega\n'),
    (tx) =>
      tx
        .insertInto('people')
        .values({ ...person, assignments: '[]' })
        .execute(),
  );
  expect([sent.status, faultsOf(sent)]).toEqual([422, [[2, 'Employee number', 'not_taken', null]]]);
  expect((await row()).name).toBe('Ines');
});

test('a new PIN is not set beside another one by which it was not judged, as that was set meanwhile', async ({
  world,
  storeId,
  scene: { row, staffId, during, put },
}) => {
  const [{ send }, kept] = [listCalls(world, storeId), JSON.stringify((await row()).pin)];
  await world.admin('PUT', `/stores/${storeId}`, { name: 'A', policy: { ...policy, duressPin: true } });
  const set = (
    tx: Tx,
    value: Partial<Record<'pin' | 'duress_pin', string>>,
    table: 'staff' | 'people' = 'staff',
  ) => tx.updateTable(table).set(value).where('staff_id', '=', staffId).execute();
  const other = (n: number) =>
    JSON.stringify({ n: 1024, r: 1, p: 1, salt: 'AA==', hash: Buffer.alloc(32, n).toString('base64') });
  const listed = await during(
    () => send('staff', 'Employee number,PIN\n00417,582047\n'),
    (tx) => set(tx, { duress_pin: other(1) }),
  );
  expect([listed.status, faultsOf(listed)]).toEqual([422, [[2, 'PIN', 'not_taken', null]]]);
  const refused = (path: string) => ({ status: 400, body: { error: { params: { path } } } });
  const putOne = () => put('582047');
  expect(await during(putOne, (tx) => set(tx, { duress_pin: other(2) }))).toMatchObject(refused('pin'));
  expect(JSON.stringify((await row()).pin)).toBe(kept);
  const putDuress = () =>
    world.admin('PUT', `/stores/${storeId}/staff/${staffId}`, { name: 'Ines', duressPin: '582047' });
  expect(await during(putDuress, (tx) => set(tx, { pin: other(3) }))).toMatchObject(refused('duressPin'));
  expect((await row()).duress_pin).toEqual(JSON.parse(other(2)));
  const assign = (pins: object) =>
    world.admin('PUT', `/people/${staffId}`, { name: 'Ines', assignments: [{ roles: ['lead'] }], ...pins });
  expect((await assign({})).status).toBe(200);
  const assigned = await during(
    () => assign({ pin: '582047' }),
    (tx) => set(tx, { duress_pin: other(4) }, 'people'),
  );
  expect(assigned).toMatchObject(refused('pin'));
});
