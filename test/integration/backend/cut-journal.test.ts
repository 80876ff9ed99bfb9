/** Journals whose old events are removed, in every order that chance finds. */
import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { silentLogger } from '#shared/flow/logger.ts';
import { removeOldEvents } from '#backend/retention/old-events.ts';
import { createEventPush } from '#backend/sync/push-events.ts';
import type { AccessEvent } from '#shared/models/access-event.ts';
import { firstPreviousHash } from '#shared/models/journal-hash.ts';
import { createJournalWriter } from './journal-writer.ts';
import { storeTest } from './store-test.ts';

const dayMs = 86_400_000;

const test = storeTest.extend('scene', ({ db }) => {
  /** `delivered`: all sequence numbers that came; null where the kiosk has counted from 1 more than once. */
  const verify = async (kioskId: string, delivered: ReadonlySet<number> | null): Promise<void> => {
    const { rows: events } = await sql<{ sequence: number; hash: string; verdict: string; previous: string }>`
    SELECT sequence, hash, verdict, body->>'previousHash' AS previous FROM access_events
    WHERE kiosk_id = ${kioskId}`.execute(db);
    const anchors = await db
      .selectFrom('journal_anchors')
      .select(['sequence', 'hash'])
      .where('kiosk_id', '=', kioskId)
      .execute();
    const gaps = await db
      .selectFrom('journal_gaps')
      .select(['from_sequence', 'to_sequence'])
      .where('kiosk_id', '=', kioskId)
      .orderBy('from_sequence')
      .execute();
    const head = await db
      .selectFrom('journal_heads')
      .selectAll()
      .where('kiosk_id', '=', kioskId)
      .executeTakeFirst();
    if (!head) return;
    const known = new Set([...events, ...anchors].map(({ sequence, hash }) => `${sequence} ${hash}`));
    for (const { sequence, verdict, previous } of events) {
      if (verdict !== 'chained') continue;
      if (sequence === 1) expect(previous).toBe(firstPreviousHash);
      else expect(known).toContain(`${sequence - 1} ${previous}`);
    }
    expect(known).toContain(`${head.sequence} ${head.hash}`);
    expect(anchors.length).toBeLessThanOrEqual(events.length + 1);
    expect(head).toMatchObject({ events: events.length, gaps: gaps.length });
    if (delivered === null) return;
    expect(events.filter(({ verdict }) => verdict !== 'chained' && verdict !== 'gap')).toEqual([]);
    const missing = Array.from({ length: head.reached }, (_, index) => index + 1).filter(
      (sequence) => sequence > head.cut && !delivered.has(sequence),
    );
    expect(
      gaps.flatMap(({ from_sequence: from, to_sequence: to }) =>
        Array.from({ length: to - from + 1 }, (_, index) => from + index),
      ),
    ).toEqual(missing);
  };
  return { verify };
});

/** What one run does, in any order. Often enough something is old when it is cut, and something comes after it. */
const deed = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('push' as const), count: fc.integer({ min: 1, max: 6 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('withhold' as const), count: fc.integer({ min: 1, max: 2 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('tell again' as const),
      from: fc.nat(40),
      count: fc.integer({ min: 1, max: 8 }),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant('cut' as const), most: fc.integer({ min: 1, max: 12 }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('begin again' as const) }) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('wait' as const), days: fc.integer({ min: 2, max: 6 }) }),
  },
);

test('whatever is pushed, cut and told again: the chain can be verified from its anchors, and figures and gaps are right', async ({
  world,
  db,
  scene: { verify },
}) => {
  const { tenantId } = world.config;
  await fc.assert(
    fc.asyncProperty(fc.array(deed, { minLength: 8, maxLength: 24 }), async (deeds) => {
      // Each run has a store to itself: what another one left in it would be cut as well.
      const store = { tenantId, storeId: randomUUID() };
      const kioskId = randomUUID();
      let now = Date.now();
      const push = createEventPush({ db, tenantId, logger: silentLogger, answers: 'any', now: () => now });
      let writer = createJournalWriter({ kioskId }, () => now);
      let written: AccessEvent[] = [];
      let hasBegunAgain = false;
      const delivered = new Set<number>();
      const deliver = async (events: readonly AccessEvent[]): Promise<void> => {
        if (events.length === 0) return;
        const results = await push({ kioskId, storeId: store.storeId }, events);
        expect(results.every(({ status }) => status === 'accepted')).toBe(true);
        for (const { sequence } of events) delivered.add(sequence);
      };
      const write = (count: number): AccessEvent[] => {
        const events = writer.next(count);
        written.push(...events);
        return events;
      };
      for (const each of deeds) {
        now += 1000;
        if (each.kind === 'push') await deliver(write(each.count));
        else if (each.kind === 'withhold') write(each.count);
        else if (each.kind === 'tell again') await deliver(written.slice(each.from, each.from + each.count));
        else if (each.kind === 'wait') now += each.days * dayMs;
        else if (each.kind === 'cut') await removeOldEvents(db, store, now - 5 * dayMs, each.most);
        else {
          writer = createJournalWriter({ kioskId }, () => now);
          written = [];
          hasBegunAgain = true;
          await deliver(write(1));
        }
        await verify(kioskId, hasBegunAgain ? null : delivered);
      }
    }),
    { numRuns: 40 },
  );
}, 240_000);
