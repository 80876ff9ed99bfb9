/** What goes with age, and what is still sure of a journal whose events have gone. */
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { describe, expect } from 'vitest';
import { z } from 'zod';
import { silentLogger } from '#shared/flow/logger.ts';
import { createHousekeeping, type Retention } from '#backend/retention/housekeeping.ts';
import type { Pace } from '#backend/retention/passes.ts';
import type { AccessEvent } from '#shared/models/access-event.ts';
import { createJournalWriter } from './journal-writer.ts';
import { someSerial } from './test-kiosk.ts';
import type { Db } from '#backend/store/database.ts';
import { storeTest } from './store-test.ts';
import { eventually } from './world.ts';

const dayMs = 86_400_000;

const journalSchema = z.object({
  kiosks: z.array(z.object({ kioskId: z.string(), journal: z.looseObject({ events: z.number() }) })),
});

const year: Retention = { eventDays: 365, actDays: 730 };
const test = storeTest.extend('scene', ({ world, storeId, db }) => {
  const journalOf = async ({ kioskId }: { readonly kioskId: string }) =>
    journalSchema
      .parse((await world.admin('GET', `/stores/${storeId}/kiosks`)).body)
      .kiosks.find((each) => each.kioskId === kioskId)?.journal;
  const setSteady = async (offsetMs: number): Promise<void> => {
    await sql`INSERT INTO steady_time (tenant_id, at) VALUES (${world.config.tenantId}, ${Date.now() + offsetMs})
    ON CONFLICT (tenant_id) DO UPDATE SET at = excluded.at, doubted_ms = 0`.execute(db);
  };
  /** A pass as it will be in so many days, on which backends have run meanwhile. */
  const passIn = async (days: number, retention = year, pace?: Pace): Promise<void> => {
    await setSteady(days * dayMs);
    const platform = { now: () => Date.now() + days * dayMs, logger: silentLogger };
    const keeping = createHousekeeping({
      db,
      tenantId: world.config.tenantId,
      retention,
      platform,
      ...(pace === undefined ? {} : { pace }),
    });
    await keeping.pass();
    await keeping.dispose();
  };
  return { passIn, journalOf };
});
const whole = { missing: [], gaps: 0, forks: 0, restarts: 0, mismatches: 0 };

describe('access events', () => {
  test('go when they are too old; told again, they are acknowledged and not there again; the journal goes on', async ({
    kiosk,
    scene: { passIn, journalOf },
  }) => {
    const journal = createJournalWriter(kiosk);
    const first = journal.next(20);
    await kiosk.push('accessEvents', first);
    await passIn(364);
    expect(await journalOf(kiosk)).toMatchObject({ events: 20, removedTo: 0 });
    await passIn(366);
    expect(await journalOf(kiosk)).toEqual({ ...whole, events: 0, removedTo: 20 });
    expect((await kiosk.push('accessEvents', first)).map(({ status }) => status)).toEqual(
      first.map(() => 'accepted'),
    );
    expect(await journalOf(kiosk)).toEqual({ ...whole, events: 0, removedTo: 20 });
    await kiosk.push('accessEvents', [...first.slice(-3), ...journal.next(5)]);
    expect(await journalOf(kiosk)).toEqual({ ...whole, events: 5, removedTo: 20 });
  });

  test('that are gone are not lost: what a kiosk claims to have delivered counts as held', async ({
    kiosk,
    scene: { passIn },
  }) => {
    const events = createJournalWriter(kiosk).next(20);
    await kiosk.push('accessEvents', events);
    await passIn(366);
    const claimed = async (sequence: number, hash: string): Promise<unknown> => {
      const path = `/v1/sync/locks?after=0&limit=1&journal=${sequence}.${hash}`;
      return (await kiosk.request(path)).json();
    };
    expect(await claimed(20, events[19]!.hash)).not.toHaveProperty('journalLost');
    expect(await claimed(7, events[6]!.hash)).not.toHaveProperty('journalLost');
    expect(await claimed(21, 'a'.repeat(64))).toMatchObject({ journalLost: true });
  });

  test('that never came are no gap any more where what is around them has gone, and a gap above stays', async ({
    kiosk,
    db,
    scene: { journalOf, passIn },
  }) => {
    const journal = createJournalWriter(kiosk);
    const late = { low: [] as AccessEvent[], high: [] as AccessEvent[] };
    await kiosk.push('accessEvents', journal.next(3));
    late.low = journal.next(2);
    await kiosk.push('accessEvents', journal.next(3));
    await sql`UPDATE access_events SET received_at = received_at - ${400 * dayMs}::bigint
      WHERE kiosk_id = ${kiosk.kioskId}`.execute(db);
    late.high = journal.next(2);
    await kiosk.push('accessEvents', journal.next(1));
    expect(await journalOf(kiosk)).toMatchObject({
      missing: [
        { from: 4, to: 5 },
        { from: 9, to: 10 },
      ],
    });
    await passIn(0);
    expect(await journalOf(kiosk)).toMatchObject({ gaps: 1, missing: [{ from: 9, to: 10 }], removedTo: 8 });
    await kiosk.push('accessEvents', late.high);
    expect(await journalOf(kiosk)).toMatchObject({ ...whole, events: 3 });
  });

  test('stay for good where no time is set', async ({ kiosk, scene: { passIn, journalOf } }) => {
    await kiosk.push('accessEvents', createJournalWriter(kiosk).next(3));
    await passIn(36_000, { eventDays: 0, actDays: 0 });
    expect(await journalOf(kiosk)).toMatchObject({ events: 3 });
  });

  test('go in steps: a pass removes no more than its pace allows', async ({
    kiosk,
    scene: { journalOf, passIn },
  }) => {
    await kiosk.push('accessEvents', createJournalWriter(kiosk).next(50));
    const journals = async () => (await journalOf(kiosk))?.events;
    // Nothing else is old by then but one lapsed code: its table and four others take a step each.
    await passIn(366, { ...year, actDays: 0 }, { rows: 10, steps: 8, pauseMs: 0 });
    expect(await journals()).toBe(30);
    await passIn(366, { ...year, actDays: 0 }, { rows: 10, steps: 100, pauseMs: 0 });
    expect(await journals()).toBe(0);
  });
});

describe('enrolments', () => {
  const stored = async (db: Db, serial: string) =>
    (await sql<Record<string, unknown>>`SELECT * FROM enrolments WHERE serial_number = ${serial}`.execute(db))
      .rows[0];

  test('that have ended go, and kiosks hear of it; that of a lock that is there stays', async ({
    db,
    world,
    storeId,
    kiosk,
    scene: { passIn },
  }) => {
    world.vendor.script.push('refuse');
    const [refused, registered] = [someSerial(), someSerial()];
    const captured = kiosk.capture(refused);
    await kiosk.pushOne(captured);
    await eventually(async () => expect((await stored(db, refused))?.['state']).toBe('refused'));
    await kiosk.pushOne(kiosk.capture(registered));
    await eventually(async () => expect((await stored(db, registered))?.['state']).toBe('registered'));
    await passIn(366);
    expect(await stored(db, refused)).toMatchObject({
      deleted: true,
      name: '',
      enrolment_code: '',
      device_certificate: '',
      problem: null,
    });
    const pulled = await kiosk.pullAll('enrolments');
    expect(pulled.map(({ deleted }) => deleted).sort()).toEqual([false, true]);
    expect(pulled.find(({ deleted }) => deleted)).toEqual({
      enrolmentId: captured.enrolmentId,
      version: expect.any(Number) as number,
      deleted: true,
    });
    expect(JSON.stringify((await world.admin('GET', `/stores/${storeId}/enrolments`)).body)).not.toContain(
      refused,
    );
    const resolve = `/enrolments/${captured.enrolmentId}/resolve`;
    expect((await world.admin('POST', resolve, { action: 'retry' })).status).toBe(404);
    // A kiosk that had it still, and tries it once more, has all that it takes.
    const again = await kiosk.pushOne({ ...captured, operationId: randomUUID() });
    expect(again).toMatchObject({ status: 'accepted', master: { name: captured.name } });
    await eventually(async () =>
      expect(await stored(db, refused)).toMatchObject({ state: 'registered', deleted: false }),
    );
  });
});

test('what operators did, lapsed codes and lapsed intermediates go; the newest intermediate stays', async ({
  world,
  storeId,
  db,
  scene: { passIn },
}) => {
  await world.makeCode(storeId);
  const count = async (table: string): Promise<number> =>
    (
      await sql<{ count: number }>`SELECT count(*) AS count FROM ${sql.table(table)}
        WHERE tenant_id = ${world.config.tenantId}`.execute(db)
    ).rows[0]?.count ?? -1;
  await world.vendor.setIntermediate({ notBefore: Date.now(), notAfter: Date.now() + 20 * dayMs, epoch: 2 });
  await world.admin('POST', '/trust/refresh');
  expect(await count('intermediates')).toBe(2);
  await passIn(729);
  expect(await count('operator_acts')).toBeGreaterThan(3);
  expect({ codes: await count('registration_codes'), left: await count('intermediates') }).toEqual({
    codes: 0,
    left: 1,
  });
  await passIn(731);
  expect(await count('operator_acts')).toBe(0);
});
