/** An operator's pages of a store with many events take what they show, however many there are: counted by PostgreSQL itself. */
import { sql } from 'kysely';
import { expect } from 'vitest';
import { createOverview, type Overview } from '#backend/admin/overview.ts';
import type { Db } from '#backend/store/database.ts';
import { storeTest } from './store-test.ts';

const events = 20_000;
const page = 200;

/**
 * How many events PostgreSQL has looked at for this connection. PostgreSQL 15 hands its counts on at most once a second,
 * so they may hold those of the transaction before: only what is added to them says anything.
 */
const eventsRead = async (tx: Db): Promise<number> => {
  const { rows } = await sql<{ read: string }>`
    SELECT seq_tup_read + coalesce(idx_tup_fetch, 0) AS read FROM pg_stat_xact_user_tables
    WHERE relname = 'access_events'`.execute(tx);
  return Number(rows[0]?.read);
};

const test = storeTest.extend('scene', { auto: true }, async ({ world, storeId, kiosk, db }) => {
  const eventsReadFor = (ask: (overview: Overview) => Promise<unknown>): Promise<number> =>
    db.transaction().execute(async (tx) => {
      const before = await eventsRead(tx);
      await ask(createOverview(tx, world.config.tenantId, world.config.vendor.owner));
      return (await eventsRead(tx)) - before;
    });
  const eventAt = async (sequence: number): Promise<string> => {
    const { rows } = await sql<{ id: string }>`
    SELECT event_id AS id FROM access_events WHERE kiosk_id = ${kiosk.kioskId} AND sequence = ${sequence}`.execute(
      db,
    );
    return rows[0]?.id ?? '';
  };
  /** As pushes of 500 leave them, a minute apart. */
  const begun = Date.now() - 3_600_000;
  await sql`
    INSERT INTO access_events
      (tenant_id, store_id, event_id, kiosk_id, sequence, at, hash, verdict, received_at, body)
    SELECT ${world.config.tenantId}::uuid, ${storeId}::uuid, id, ${kiosk.kioskId}::uuid, n, ${begun}::bigint, '', 'chained',
      ${begun}::bigint + (n / 500) * 60000,
      jsonb_build_object('eventId', id, 'kioskId', ${kiosk.kioskId}::text, 'sequence', n, 'at', ${begun}::bigint,
        'kind', 'signed_in', 'previousHash', '', 'hash', '')
    FROM (SELECT gen_random_uuid() AS id, n FROM generate_series(1, ${events}::int) AS n) AS made`.execute(
    db,
  );
  await sql`ANALYZE access_events`.execute(db);
  return { eventAt, eventsReadFor };
});

test('of its events, the first, one in the middle and the last', async ({
  storeId,
  scene: { eventAt, eventsReadFor },
}) => {
  for (const beforeEvent of [undefined, await eventAt(events / 2), await eventAt(page)]) {
    const query = { limit: page, ...(beforeEvent === undefined ? {} : { beforeEvent }) };
    let shown = 0;
    const read = await eventsReadFor(async (overview) => {
      shown = (await overview.events(storeId, query))?.events.length ?? 0;
    });
    expect(shown).toBe(beforeEvent === (await eventAt(page)) ? page - 1 : page);
    // Its rows, each counted in index and table, and those among which it begins: some pages, whatever there is.
    expect(read).toBeLessThan(5 * page);
  }
});

test('of its kiosks: none', async ({ storeId, scene: { eventsReadFor } }) => {
  expect(await eventsReadFor((overview) => overview.kiosks(storeId))).toBe(0);
});
