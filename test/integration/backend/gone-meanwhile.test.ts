/** Who is removed while a PIN is hashed stays removed, whatever the request that began before says. */
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { beforeEach, expect, test } from 'vitest';
import { staffAnswerSchema } from '#backend/admin/answers.ts';
import type { Db } from '#backend/store/database.ts';
import { goneStaff } from '#backend/store/tombstones.ts';
import { faultsOf, listCalls } from './list-calls.ts';
import { eventually, useStoreWithKiosk, type World } from './world.ts';

let world: World;
let storeId: string;
let db: Db;
useStoreWithKiosk((made) => ({ world, storeId, db } = made));

const staffId = randomUUID();
const people = async () =>
  staffAnswerSchema.parse((await world.admin('GET', `/stores/${storeId}/staff`)).body).staff;
const put = (pin: string) =>
  world.admin('PUT', `/stores/${storeId}/staff/${staffId}`, { name: 'Ines', employeeNumber: '00417', pin });

beforeEach(async () => {
  expect((await put('693158')).status).toBe(204);
});

/** Begins `request` while the store is held, removes the person, and lets the request go on. */
const removedDuring = <T>(request: () => Promise<T>): Promise<T> =>
  db
    .transaction()
    .execute(async (tx) => {
      await tx
        .selectFrom('stores')
        .select('name')
        .where('store_id', '=', storeId)
        .forUpdate()
        .executeTakeFirstOrThrow();
      const answer = request();
      await eventually(async () => {
        const { rows } = await sql`SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock'`.execute(db);
        expect(rows).toHaveLength(1);
      });
      await tx.updateTable('staff').set(goneStaff).where('staff_id', '=', staffId).execute();
      return { answer };
    })
    .then(({ answer }) => answer);

test('by a PIN', async () => {
  expect(await removedDuring(() => put('582047'))).toMatchObject({
    status: 404,
    body: { error: { code: 'operator.not_found' } },
  });
  expect(await people()).toEqual([]);
  // Whoever is put anew afterwards is there again.
  expect((await put('582047')).status).toBe(204);
  expect(await people()).toMatchObject([{ name: 'Ines' }]);
});

test.each(['Employee number,Name,PIN\n00417,Ines,582047\n', 'Employee number,Name\n00417,Ines Ortega\n'])(
  'by a list: %j',
  async (list) => {
    const { send } = listCalls(world, storeId);
    const sent = await removedDuring(() => send('staff', list));
    expect([sent.status, faultsOf(sent)]).toEqual([422, [[2, 'Employee number', 'not_here', null]]]);
    expect(await people()).toEqual([]);
  },
);
