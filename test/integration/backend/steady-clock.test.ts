/** A backend whose clock is wrong for a while: nothing goes by it that would have stayed. */
import { randomUUID } from 'node:crypto';
import { afterEach, expect } from 'vitest';
import { createEnrolmentAdmin } from '#backend/admin/enrolments.ts';
import { createEnrolmentPush } from '#backend/enrolment/push-enrolments.ts';
import { silentLogger } from '#shared/flow/logger.ts';
import { createHousekeeping, type Housekeeping } from '#backend/retention/housekeeping.ts';
import { steadyTime } from '#backend/store/migrations/0019-steady-time.ts';
import { createEventPush } from '#backend/sync/push-events.ts';
import type { AccessEvent } from '#shared/models/access-event.ts';
import { createRecordingLogger } from '#support/recording-logger.ts';
import { createJournalWriter } from './journal-writer.ts';
import { newCapture, someSerial } from './test-kiosk.ts';
import { databaseTest } from './database-test.ts';
import { policy } from './world.ts';

const [hourMs, dayMs] = [3_600_000, 86_400_000];
const yearMs = 365 * dayMs;
const instances: Housekeeping[] = [];
afterEach(async () => {
  for (const each of instances.splice(0)) await each.dispose();
});

const test = databaseTest
  .extend('tenantId', () => randomUUID())
  .extend('kiosk', async ({ database, tenantId }) => {
    const kiosk = { kioskId: randomUUID(), storeId: randomUUID() };
    await database.db
      .insertInto('stores')
      .values({
        tenant_id: tenantId,
        store_id: kiosk.storeId,
        name: 'A',
        version: 0,
        policy: JSON.stringify(policy),
      })
      .execute();
    return kiosk;
  })
  .extend('logger', () => createRecordingLogger())
  /** The true time, and how wrong the clock is. */
  .extend('at', () => ({ time: Date.now(), wrongBy: 0 }))
  .extend('journal', ({ kiosk, at }) => createJournalWriter(kiosk, () => at.time))
  .extend(
    'clock',
    ({ at }) =>
      () =>
        at.time + at.wrongBy,
  )
  .extend('start', ({ database, tenantId, logger, at, clock }) => (now = clock): Housekeeping => {
    const instance = createHousekeeping({
      db: database.db,
      tenantId,
      retention: { eventDays: 365, actDays: 730 },
      uptime: () => at.time,
      platform: { now, logger },
    });
    instances.push(instance);
    return instance;
  })
  /** Passes of each, an hour apart, one after the other. */
  .extend('run', ({ at }) => async (hours: number, ...backends: readonly Housekeeping[]): Promise<void> => {
    for (let hour = 0; hour < hours; hour += 1) {
      at.time += hourMs;
      for (const each of backends) await each.pass();
    }
  })
  .extend(
    'deliver',
    ({ database, tenantId, kiosk, clock }) =>
      async (events: readonly AccessEvent[]): Promise<void> => {
        const { db } = database;
        const push = createEventPush({ db, tenantId, logger: silentLogger, answers: 'any', now: clock });
        const results = await push(kiosk, events);
        expect(results.every(({ status }) => status === 'accepted')).toBe(true);
      },
  )
  .extend(
    'held',
    ({ database, kiosk }) =>
      async () =>
        (
          await database.db
            .selectFrom('access_events')
            .select('event_id')
            .where('kiosk_id', '=', kiosk.kioskId)
            .execute()
        ).length,
  );

test('a clock that is two years ahead for days removes nothing, and is told once; put right, all goes on', async ({
  logger,
  at,
  journal,
  start,
  run,
  deliver,
  held,
}) => {
  const backend = start();
  await deliver(journal.next(3));
  await run(2, backend);
  at.wrongBy = 2 * yearMs;
  await run(6 * 24, backend);
  expect(await held()).toBe(3);
  expect(logger.lines.filter(({ event }) => event.startsWith('the clock has leapt'))).toEqual([
    expect.objectContaining({ level: 'error', fields: { days: 730 } }),
  ]);
  // Nor does starting it again and again.
  await run(6, start());
  expect(await held()).toBe(3);
  at.wrongBy = 0;
  await run(1, backend);
  at.time += yearMs;
  await run(1, backend);
  // Off for a year, it looks the same; what is too old then goes after a week.
  expect(await held()).toBe(3);
  await run(7 * 24 + 1, backend);
  expect(await held()).toBe(0);
});

test('what was received while the clock was two years behind stays for its time', async ({
  at,
  journal,
  start,
  run,
  deliver,
  held,
}) => {
  const backend = start();
  await run(1, backend);
  at.wrongBy = -2 * yearMs;
  await run(5, backend);
  await deliver(journal.next(3));
  await run(5, backend);
  at.wrongBy = 0;
  await run(24, backend);
  expect(await held()).toBe(3);
  for (let days = 0; days < 362; days += 1) {
    at.time += dayMs - hourMs;
    await run(1, backend);
  }
  expect(await held()).toBe(3);
  at.time += 2 * dayMs - hourMs;
  await run(50, backend);
  expect(await held()).toBe(0);
});

test('of instances whose clocks are ahead, several do not doubt for less long, and one that is right holds all', async ({
  at,
  journal,
  start,
  run,
  deliver,
  held,
}) => {
  await deliver(journal.next(3));
  const backends = [start(), start()];
  await run(1, ...backends);
  at.wrongBy = 2 * yearMs;
  await run(6 * 24, ...backends);
  expect(await held()).toBe(3);
  await run(
    8 * 24,
    ...backends,
    start(() => at.time),
  );
  expect(await held()).toBe(3);
}, 120_000);

test('what has ended while the backend’s clock was two years behind, or a kiosk’s is, stays for its time', async ({
  database,
  tenantId,
  kiosk,
  at,
  clock,
  start,
  run,
}) => {
  const backend = start();
  await run(1, backend);
  at.wrongBy = -2 * yearMs;
  const { db } = database;
  const push = createEnrolmentPush({
    db,
    tenantId,
    now: clock,
    vendorRoot: { get: () => Promise.resolve(null) },
  });
  const times = { capturedAt: clock(), changedAt: clock() };
  const given = { ...newCapture(kiosk.kioskId, someSerial()), ...times, state: 'abandoned' as const };
  const kept = async (): Promise<unknown> =>
    (
      await db
        .selectFrom('enrolments')
        .select(['state', 'deleted'])
        .where('tenant_id', '=', tenantId)
        .execute()
    )
      .map(({ state, deleted }) => (deleted ? 'gone' : state))
      .sort();
  const [sent] = await push(kiosk, [given]);
  expect(sent?.status).toBe('accepted');
  const captured = { ...newCapture(kiosk.kioskId, someSerial()), ...times };
  await push(kiosk, [captured]);
  const admin = createEnrolmentAdmin({ db, tenantId, now: clock });
  await admin.resolve(captured.enrolmentId, 'refuse', () => Promise.resolve());
  expect(await kept()).toEqual(['abandoned', 'refused']);
  at.wrongBy = 0;
  await run(24, backend);
  expect(await kept()).toEqual(['abandoned', 'refused']);
  at.time += yearMs;
  await run(7 * 24 + 1, backend);
  expect(await kept()).toEqual(['gone', 'gone']);
});

test('a backend that was off for days knows at once who has lost a serial number since it is back, for a day', async ({
  database,
  tenantId,
  kiosk,
  at,
  start,
  run,
}) => {
  const backend = start();
  await run(1, backend);
  at.time += 3 * dayMs;
  const lapses = () =>
    database.db.selectFrom('serial_lapses').select('lapses').where('tenant_id', '=', tenantId).execute();
  await database.db
    .insertInto('serial_lapses')
    .values({
      tenant_id: tenantId,
      store_id: kiosk.storeId,
      kiosk_id: kiosk.kioskId,
      serial_number: someSerial(),
      lapses: 1,
      last_at: at.time,
    })
    .execute();
  await run(23, backend);
  expect(await lapses()).toHaveLength(1);
  await run(3, backend);
  expect(await lapses()).toEqual([]);
});

test('an update begins with nothing that a clock which was ahead has left behind', async ({
  database,
  kiosk,
  at,
  journal,
  clock,
  deliver,
}) => {
  at.wrongBy = 2 * yearMs;
  await deliver(journal.next(1));
  at.wrongBy = 0;
  await deliver(journal.next(1));
  await database.db.schema.dropTable('steady_time').execute();
  const client = await database.openPatientClient();
  await client.query(steadyTime.sql);
  await client.end();
  await deliver(journal.next(1));
  const received = await database.db
    .selectFrom('access_events')
    .select('received_at')
    .where('kiosk_id', '=', kiosk.kioskId)
    .orderBy('sequence')
    .execute();
  expect(received.at(-1)?.received_at).toBe(clock());
});

test('an update that meets a wrong clock begins where the newest event was received', async ({
  database,
  at,
  journal,
  start,
  run,
  deliver,
  held,
}) => {
  await deliver(journal.next(3));
  await database.db.schema.dropTable('steady_time').execute();
  const client = await database.openPatientClient();
  await client.query(steadyTime.sql);
  await client.end();
  at.wrongBy = 2 * yearMs;
  await run(24, start());
  expect(await held()).toBe(3);
});
