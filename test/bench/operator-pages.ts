/**
 * `operator-pages`: an operator's pages of a store with a million access events (`OPERATOR_PAGES_EVENTS` sets another number), the
 * first, one in the middle and the last, and the page of its kiosks, one of which has a gap at every tenth event.
 */
import pg from 'pg';
import { z } from 'zod';
import type { Bench, Measured } from './bench.ts';
import { startRealBackend, type RealBackend } from './real-backend.ts';
import { median, timeOf } from './statistics.ts';
import { inFolder } from './temporary-data.ts';

const defaultEvents = 1_000_000;
const kiosks = 5;
const runs = 15;
const mostMs = 300;
const gapEvery = 10;
const pageSize = 1_000;

const eventCount = (): number =>
  z.coerce
    .number()
    .int()
    .min(10_000)
    .max(100_000_000)
    .parse(process.env['OPERATOR_PAGES_EVENTS'] ?? defaultEvents);

/** Straight into the database, as pushes of 500 would have left them: of a kiosk every event is there but in the first one's gaps. */
const insertEvents = async (
  { databaseUrl, tenantId, storeId }: RealBackend,
  events: number,
  ids: readonly string[],
) => {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const each = Math.floor(events / ids.length);
    // Of late: what is too old would be removed while it is measured.
    const begun = Date.now() - each * 1_000;
    for (const [at, kioskId] of ids.entries()) {
      await client.query(
        `INSERT INTO access_events
           (tenant_id, store_id, event_id, kiosk_id, sequence, at, hash, verdict, received_at, body)
         SELECT $1, $2, id, $3::uuid, n, $6::bigint + n * 1000, repeat('0', 64), 'chained', $6::bigint + (n / 500) * 60000,
           jsonb_build_object('eventId', id, 'kioskId', $3::text, 'sequence', n, 'at', $6::bigint + n * 1000, 'kind', 'unlocked',
             'staffId', gen_random_uuid(), 'serialNumber', '00000000000000aa', 'attemptId', gen_random_uuid(),
             'errorCode', NULL, 'offline', false, 'stageMs', '{"find":1,"connect":2,"authenticate":3,"actuate":4}'::jsonb,
             'previousHash', repeat('0', 64), 'hash', repeat('0', 64))
         FROM (SELECT gen_random_uuid() AS id, n FROM generate_series(1, $4::bigint) AS n
           WHERE $5::int = 0 OR n % $5::int <> 0) AS made`,
        [tenantId, storeId, kioskId, each, at === 0 ? gapEvery : 0, begun],
      );
      await client.query(
        `INSERT INTO journal_gaps SELECT $1, $2, $3, n, n FROM generate_series($5::bigint, $4::bigint - 1, $5::bigint) AS n
         WHERE $6::boolean`,
        [tenantId, storeId, kioskId, each, gapEvery, at === 0],
      );
      await client.query(
        `INSERT INTO journal_heads (tenant_id, store_id, kiosk_id, sequence, hash, reached, events, gaps)
         SELECT $1, $2, $3, $4::bigint, repeat('0', 64), $4::bigint,
           (SELECT count(*) FROM access_events WHERE tenant_id = $1 AND store_id = $2 AND kiosk_id = $3),
           (SELECT count(*) FROM journal_gaps WHERE tenant_id = $1 AND store_id = $2 AND kiosk_id = $3)`,
        [tenantId, storeId, kioskId, each],
      );
    }
    await client.query('ANALYZE');
    const { rows } = await client.query<{ place: string; event_id: string }>(
      `(SELECT 'middle' AS place, event_id FROM access_events WHERE store_id = $1 AND kiosk_id = $2 AND sequence = $3)
       UNION ALL
       (SELECT 'last', event_id FROM access_events WHERE store_id = $1 AND kiosk_id = $2 AND sequence = 300)`,
      [storeId, ids[1], Math.floor(each / 2)],
    );
    const idOf = (place: string): string => rows.find((row) => row.place === place)?.event_id ?? '';
    return { middle: idOf('middle'), last: idOf('last') };
  } finally {
    await client.end();
  }
};

const pageSchema = z.object({ events: z.array(z.unknown()) });
const kiosksSchema = z.object({ kiosks: z.array(z.object({ journal: z.object({ gaps: z.number() }) })) });

const measure = (): Promise<readonly Measured[]> =>
  inFolder(async (folder) => {
    const events = eventCount();
    const backend = await startRealBackend(folder, 0);
    try {
      const ids: string[] = [];
      for (let count = 0; count < kiosks; count += 1) ids.push((await backend.makeKiosk()).kioskId);
      const places = await insertEvents(backend, events, ids);
      const store = `/stores/${backend.storeId}`;
      const page = async (query: string): Promise<void> => {
        const read = pageSchema.parse(await backend.admin(`${store}/events?limit=${pageSize}${query}`));
        if (read.events.length === 0) throw new Error('an empty page is no figure');
      };
      const work: readonly (readonly [part: string, run: () => Promise<void>])[] = [
        ['first', () => page('')],
        ['middle', () => page(`&beforeEvent=${places.middle}`)],
        ['last', () => page(`&beforeEvent=${places.last}`)],
        [
          'kiosks',
          async () => {
            const read = kiosksSchema.parse(await backend.admin(`${store}/kiosks`));
            if (!read.kiosks.some(({ journal }) => journal.gaps > 0)) throw new Error('no gap is no figure');
          },
        ],
      ];
      const measured: Measured[] = [];
      for (const [part, run] of work) {
        const times: number[] = [];
        for (let count = 0; count < runs; count += 1) times.push(await timeOf(run));
        measured.push({
          part,
          unit: 'ms',
          figure: Math.max(...times),
          goal: { relation: '<=', value: mostMs },
          baseline: `the longest of ${runs}, the median ${median(times).toFixed(0)} ms; ${events} events of ${kiosks} kiosks`,
        });
      }
      return measured;
    } finally {
      await backend.dispose();
    }
  });

export const operatorPages: Bench = {
  name: 'operator-pages',
  work: "an operator's pages of a store with very many access events",
  run: measure,
};
