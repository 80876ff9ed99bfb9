/** What a back office sees of the alarms of a store: those that are open, from the events of its kiosks. */
import { sql } from 'kysely';
import { expect } from 'vitest';
import { alarmsAnswerSchema } from '#backend/admin/open-alarms.ts';
import { silentLogger } from '#shared/flow/logger.ts';
import { createHousekeeping } from '#backend/retention/housekeeping.ts';
import { alarms } from '#backend/store/migrations/0031-alarms.ts';
import type { AlarmKind } from '#shared/models/alarm.ts';
import { createJournalWriter, type JournalWriter } from './journal-writer.ts';
import { someSerial, type TestKiosk } from './test-kiosk.ts';
import { lockTest } from './store-test.ts';

const bare = { attemptId: null, stageMs: {} } as const;

const test = lockTest.extend('scene', ({ world, storeId, serialNumber }) => {
  const tell = async (
    by: TestKiosk,
    journal: JournalWriter,
    what: 'raised' | 'acknowledged' | 'ended',
    alarm: AlarmKind,
    of: { readonly serialNumber?: string | null; readonly staffId?: string } = {},
  ): Promise<void> => {
    const event = journal.one({ ...bare, kind: `alarm_${what}`, alarm, serialNumber, staffId: null, ...of });
    expect(await by.push('accessEvents', [event])).toMatchObject([{ status: 'accepted' }]);
  };
  const open = async (): Promise<unknown[]> =>
    alarmsAnswerSchema
      .parse((await world.admin('GET', `/stores/${storeId}/alarms`)).body)
      .alarms.map(({ kind, serialNumber: serial, acknowledged }) => [
        kind,
        serial,
        acknowledged?.name ?? null,
      ]);
  return { open, tell };
});

test('are those that were raised and have not ended, what nobody has acknowledged first', async ({
  world,
  storeId,
  kiosk,
  serialNumber,
  scene: { open, tell },
}) => {
  const journal = createJournalWriter(kiosk);
  const staffId = crypto.randomUUID();
  const person = { name: 'Ada', pin: '582047' };
  expect((await world.admin('PUT', `/stores/${storeId}/staff/${staffId}`, person)).status).toBe(204);
  expect(await open()).toEqual([]);
  await tell(kiosk, journal, 'raised', 'tampered');
  await tell(kiosk, journal, 'raised', 'battery_low');
  await tell(kiosk, journal, 'raised', 'chain_broken', { serialNumber: null });
  await tell(kiosk, journal, 'acknowledged', 'tampered', { staffId });
  expect(await open()).toEqual([
    ['chain_broken', null, null],
    ['battery_low', serialNumber, null],
    ['tampered', serialNumber, 'Ada'],
  ]);
  await tell(kiosk, journal, 'ended', 'tampered');
  await tell(kiosk, journal, 'ended', 'battery_low');
  expect(await open()).toEqual([['chain_broken', null, null]]);
  // Raised once more, nobody has acknowledged it.
  await tell(kiosk, journal, 'raised', 'tampered');
  expect(await open()).toHaveLength(2);
  expect(await open()).toContainEqual(['tampered', serialNumber, null]);
});

test('are each kiosk’s own, of kiosks that are not revoked and locks that the store has', async ({
  world,
  storeId,
  kiosk,
  scene: { tell, open },
}) => {
  const other = await world.makeKiosk(storeId);
  await tell(kiosk, createJournalWriter(kiosk), 'raised', 'left_open');
  const journal = createJournalWriter(other);
  await tell(other, journal, 'raised', 'left_open');
  await tell(other, journal, 'raised', 'tampered', { serialNumber: someSerial() });
  expect(await open()).toHaveLength(2);
  await tell(other, journal, 'ended', 'left_open');
  expect(await open()).toHaveLength(1);
  expect((await world.admin('POST', `/kiosks/${kiosk.kioskId}/revoke`)).status).toBe(204);
  expect(await open()).toEqual([]);
});

test('are those of its present journal alone, of a kiosk that has lost its data', async ({
  kiosk,
  serialNumber,
  scene: { tell, open },
}) => {
  await tell(kiosk, createJournalWriter(kiosk), 'raised', 'tampered');
  const again = createJournalWriter(kiosk);
  await tell(kiosk, again, 'raised', 'battery_low');
  expect(await open()).toEqual([['battery_low', serialNumber, null]]);
  await tell(kiosk, again, 'raised', 'tampered');
  expect(await open()).toHaveLength(2);
});

test('are there for as long as they are open, though the events that told of them are gone', async ({
  world,
  storeId,
  kiosk,
  serialNumber,
  db,
  scene: { tell, open },
}) => {
  const year = 365 * 86_400_000;
  const later = async (): Promise<void> => {
    const at = Date.now() + 2 * year;
    await sql`INSERT INTO steady_time (tenant_id, at) VALUES (${world.config.tenantId}, ${at})
      ON CONFLICT (tenant_id) DO UPDATE SET at = excluded.at`.execute(db);
    const platform = { now: () => at, logger: silentLogger };
    const retention = { eventDays: 365, actDays: 365 };
    const keeping = createHousekeeping({ db, tenantId: world.config.tenantId, retention, platform });
    await keeping.pass();
    await keeping.dispose();
  };
  const held = async (): Promise<number> => {
    const rows = await db.selectFrom('alarms').select('kind').where('store_id', '=', storeId).execute();
    return rows.length;
  };
  const journal = createJournalWriter(kiosk);
  await tell(kiosk, journal, 'raised', 'tampered');
  await tell(kiosk, journal, 'raised', 'left_open');
  await tell(kiosk, journal, 'ended', 'left_open');
  await tell(kiosk, journal, 'raised', 'tampered', { serialNumber: someSerial() });
  await later();
  expect(await db.selectFrom('access_events').select('at').where('store_id', '=', storeId).execute()).toEqual(
    [],
  );
  expect(await open()).toEqual([['tampered', serialNumber, null]]);
  expect(await held()).toBe(1);
  await tell(kiosk, journal, 'ended', 'tampered');
  expect(await open()).toEqual([]);
});

test('have ended where the end came before what it ended', async ({
  kiosk,
  serialNumber,
  scene: { tell, open },
}) => {
  const journal = createJournalWriter(kiosk);
  const raised = journal.one({
    ...bare,
    kind: 'alarm_raised',
    alarm: 'tampered',
    serialNumber,
    staffId: null,
  });
  await tell(kiosk, journal, 'ended', 'tampered');
  expect(await kiosk.push('accessEvents', [raised])).toMatchObject([{ status: 'accepted' }]);
  expect(await open()).toEqual([]);
});

test('of before an update are those that the events tell', async ({
  storeId,
  kiosk,
  db,
  scene: { tell },
}) => {
  const staffId = crypto.randomUUID();
  const journal = createJournalWriter(kiosk);
  await tell(kiosk, createJournalWriter(kiosk), 'raised', 'left_open');
  await tell(kiosk, journal, 'raised', 'tampered');
  await tell(kiosk, journal, 'acknowledged', 'tampered', { staffId });
  await tell(kiosk, journal, 'raised', 'chain_broken', { serialNumber: null });
  await tell(kiosk, journal, 'raised', 'battery_low');
  await tell(kiosk, journal, 'ended', 'battery_low');
  const before = await db
    .selectFrom('alarms')
    .selectAll()
    .where('store_id', '=', storeId)
    .orderBy('kind')
    .execute();
  expect(before).toHaveLength(3);
  await sql`ALTER TABLE alarms RENAME TO alarms_as_told`.execute(db);
  await sql.raw(alarms.sql).execute(db);
  const after = await db
    .selectFrom('alarms')
    .selectAll()
    .where('store_id', '=', storeId)
    .orderBy('kind')
    .execute();
  expect(after).toEqual(before);
});
