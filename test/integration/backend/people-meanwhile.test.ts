/** People who are assigned while others do something to them: no block is lost, and nothing is left of whom is erased. */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import { settlePeople } from '#backend/people/settle-people.ts';
import { changeStore } from '#backend/store/store-write.ts';
import { createJournalWriter } from './journal-writer.ts';
import type { TestKiosk } from './test-kiosk.ts';
import { storeTest } from './store-test.ts';
import { eventually } from './world.ts';

const lead = { roles: ['lead'] };
const pin = '582047';

const hashOf = (n: number): string => n.toString(16).padStart(2, '0').repeat(32);

const test = storeTest.extend('scene', { auto: true }, async ({ world, db }) => {
  const put = (assignments: readonly object[], more: object = {}) =>
    world.admin('PUT', `/people/${staffId}`, { name: 'Ada', assignments, ...more });
  const atStore = async (at: TestKiosk) =>
    (await at.pullAll('staff')).find((row) => row['staffId'] === staffId && !row['deleted']);
  const badgeEvent = (
    at: TestKiosk,
    own: Pick<
      Parameters<ReturnType<typeof createJournalWriter>['one']>[0],
      'kind' | 'badges' | 'allBadges' | 'at'
    >,
  ) =>
    at.push('accessEvents', [
      createJournalWriter(at).one({
        serialNumber: null,
        attemptId: null,
        stageMs: {},
        staffId,
        at: Date.now(),
        ...own,
      }),
    ]);
  const whole = () =>
    db.selectFrom('people').selectAll().where('staff_id', '=', staffId).executeTakeFirstOrThrow();
  const staffId: string = randomUUID();
  const other = await world.makeKiosk(await world.makeStore());
  return { put, badgeEvent, atStore, other, staffId, whole };
});

test('a block is not undone by a store that has not heard of it yet', async ({
  world,
  db,
  kiosk,
  scene: { put, badgeEvent, atStore, other, staffId, whole },
}) => {
  await put([lead], { pin });
  await badgeEvent(kiosk, { kind: 'badge_assigned', badges: [hashOf(1)], at: Date.now() - 5000 });
  await eventually(async () => expect((await atStore(other))?.['badges']).toHaveLength(1));
  await db.transaction().execute(async (tx) => {
    // This store follows nobody meanwhile.
    await tx.selectFrom('stores').select('name').where('store_id', '=', other.storeId).forUpdate().execute();
    await world.admin('DELETE', `/stores/${kiosk.storeId}/staff/${staffId}/badges`);
  });
  await badgeEvent(other, { kind: 'badge_assigned', badges: [hashOf(2)] });
  await badgeEvent(other, { kind: 'badge_assigned', badges: [hashOf(3)], at: Date.now() - 60_000 });
  const blocked = [
    { hash: hashOf(1), blocked: true },
    { hash: hashOf(3), blocked: true },
  ];
  expect((await whole()).badges).toEqual(
    expect.arrayContaining(blocked.map((one) => expect.objectContaining(one) as object)),
  );
  await eventually(async () =>
    expect((await atStore(kiosk))?.['badges']).toEqual(
      expect.arrayContaining(
        [...blocked, { hash: hashOf(2) }].map((one) => expect.objectContaining(one) as object),
      ),
    ),
  );
});

test('a block by a kiosk of a store that they have left since holds wherever they are', async ({
  kiosk,
  scene: { put, badgeEvent, other, atStore },
}) => {
  await put([lead], { pin });
  await badgeEvent(kiosk, { kind: 'badge_assigned', badges: [hashOf(1)], at: Date.now() - 5000 });
  await put([{ ...lead, storeId: other.storeId }]);
  await badgeEvent(kiosk, { kind: 'badge_blocked', badges: [hashOf(1)] });
  await eventually(async () =>
    expect((await atStore(other))?.['badges']).toMatchObject([{ hash: hashOf(1), blocked: true }]),
  );
});

test('taken over from several stores they keep every badge, and every block', async ({
  world,
  kiosk,
  scene: { other, staffId, badgeEvent, put, whole, atStore },
}) => {
  for (const { storeId } of [kiosk, other])
    await world.admin('PUT', `/stores/${storeId}/staff/${staffId}`, { name: 'Ada', pin });
  const given = Date.now() - 5000;
  await badgeEvent(kiosk, { kind: 'badge_assigned', badges: [hashOf(1), hashOf(2)], at: given });
  await badgeEvent(other, { kind: 'badge_assigned', badges: [hashOf(1), hashOf(3)], at: given });
  await badgeEvent(other, { kind: 'badge_blocked', badges: [hashOf(1)] });
  expect((await put([lead], { pin })).status).toBe(200);
  const badges = (await whole()).badges ?? [];
  expect(badges.map(({ hash, blocked }) => [hash, blocked === true]).sort()).toEqual([
    [hashOf(1), true],
    [hashOf(2), false],
    [hashOf(3), false],
  ]);
  for (const at of [kiosk, other]) expect((await atStore(at))?.['badges']).toHaveLength(3);
});

test('who erases somebody waits for a store that follows them just then, and finds what it has', async ({
  world,
  db,
  scene: { put, other, staffId },
}) => {
  await put([{ ...lead, storeId: other.storeId }], { pin, name: 'Ada Lovelace' });
  const tenantId = world.config.tenantId;
  const late = await world.makeStore();
  let erased: Promise<unknown> = Promise.resolve();
  await db
    .updateTable('people')
    .set({ assignments: JSON.stringify([lead]), revision: 9 })
    .where('staff_id', '=', staffId)
    .execute();
  await changeStore(db, tenantId, late, async (write) => {
    await settlePeople(write, tenantId, late);
    erased = world.admin('DELETE', `/people/${staffId}`);
    await delay(300);
  });
  expect(await erased).toMatchObject({ status: 200 });
  const rows = await db.selectFrom('staff').selectAll().where('staff_id', '=', staffId).execute();
  expect(JSON.stringify(rows)).not.toContain('Lovelace');
});

test('who is said once more as they are is told to no kiosk', async ({ kiosk, scene: { put, atStore } }) => {
  await put([lead], { pin, employeeNumber: '0042' });
  const before = await atStore(kiosk);
  expect((await put([lead], { pin, employeeNumber: '0042' })).status).toBe(200);
  expect(await atStore(kiosk)).toEqual(before);
});
