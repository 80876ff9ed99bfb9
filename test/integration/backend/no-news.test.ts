/** Pulls that bring nothing are answered many at a time: each has to be what it would be alone. */
import pg from 'pg';
import { expect } from 'vitest';
import { pullAnswerSchema, type PullAnswer } from '#shared/http/contract.ts';
import { createJournal } from '../../bench/journal.ts';
import type { TestKiosk } from './test-kiosk.ts';
import { policy } from './world.ts';
import { worldTest } from './world-test.ts';

const test = worldTest;

const ask = async (kiosk: TestKiosk, query: string, collection = 'store'): Promise<PullAnswer> =>
  pullAnswerSchema.parse(await (await kiosk.request(`/v1/sync/${collection}?limit=1000&${query}`)).json());

test('of stores that are asked for in one moment, each hears where it stands itself', async ({ world }) => {
  const kiosks = await Promise.all(
    Array.from({ length: 8 }, async () => world.makeKiosk(await world.makeStore())),
  );
  // They stand apart: each store was changed another number of times.
  for (const [changes, { storeId }] of kiosks.entries())
    for (let n = 0; n < changes; n += 1)
      await world.admin('PUT', `/stores/${storeId}`, { name: `Name ${n}`, policy });
  const before = await Promise.all(kiosks.map((kiosk) => ask(kiosk, 'after=0')));
  expect(new Set(before.map(({ point }) => point)).size).toBe(8);
  const at = (n: number): string => `after=${before[n]?.checkpoint}&seen=${before[n]?.point}`;
  const changed = 3;
  await world.admin('PUT', `/stores/${kiosks[changed]?.storeId}`, { name: 'Changed', policy });

  const after = await Promise.all(kiosks.map((kiosk, n) => ask(kiosk, at(n))));
  for (const [n, answer] of after.entries()) {
    if (n === changed) expect(answer.documents).toMatchObject([{ name: 'Changed' }]);
    else {
      const { checkpoint, point } = before[n] ?? {};
      expect(answer).toEqual({ documents: [], checkpoint, remaining: 0, sealsPins: true, point });
    }
  }
  // What a kiosk remembers of a backend that never was there, or of events that it has not, is said to that kiosk alone.
  const hash = 'ab'.repeat(32);
  const told = await Promise.all(
    kiosks.map((kiosk, n) => {
      if (n === 1) return ask(kiosk, `after=${before[n]?.checkpoint}&seen=9.ab`);
      return ask(kiosk, n === 2 ? `${at(n)}&journal=1.${hash}` : at(n));
    }),
  );
  expect(told.flatMap(({ otherHistory }, n) => (otherHistory ? [n] : []))).toEqual([1]);
  expect(told.flatMap(({ journalLost }, n) => (journalLost ? [n] : []))).toEqual([2]);
});

test('a kiosk whose row somebody holds is answered, and so is whoever asks in that moment', async ({
  postgres,
  world,
}) => {
  const kiosks = await Promise.all(
    Array.from({ length: 4 }, async () => world.makeKiosk(await world.makeStore())),
  );
  // One that remembers none of them yet.
  const fresh = await world.startInstance();
  const client = new pg.Client({ connectionString: postgres.url });
  await client.connect();
  const seen = async (): Promise<(number | null)[]> => {
    const { rows } = await client.query<{ at: string | null }>(
      'SELECT last_seen_at AS at FROM kiosks WHERE kiosk_id = ANY($1::uuid[]) ORDER BY array_position($1::uuid[], kiosk_id)',
      [kiosks.map(({ kioskId }) => kioskId)],
    );
    return rows.map(({ at }) => (at === null ? null : Number(at)));
  };
  const before = await seen();
  world.clock.offsetMs += 1_000;
  await client.query('BEGIN');
  await client.query('SELECT FROM kiosks WHERE kiosk_id = $1 FOR UPDATE', [kiosks[1]?.kioskId]);
  try {
    const answers = kiosks.map((kiosk) => kiosk.at(fresh.url).request('/v1/sync/store?after=0&limit=1'));
    expect((await Promise.all(answers)).map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    const changed = (await seen()).flatMap((at, n) => (at === before[n] ? [] : [n]));
    expect(changed).toEqual([0, 2, 3]);
  } finally {
    await client.query('ROLLBACK');
    await client.end();
  }
});

test('an event that was delivered is held, and what a kiosk of another store says of it is not', async ({
  world,
}) => {
  const [kiosk, other] = await Promise.all([1, 2].map(async () => world.makeKiosk(await world.makeStore())));
  if (!kiosk || !other) throw new Error('two kiosks');
  const [event] = createJournal(kiosk.kioskId).next(1);
  await kiosk.push('accessEvents', [event]);
  const claim = `after=9&journal=${event?.sequence}.${event?.hash}`;
  const [own, others] = await Promise.all([ask(kiosk, claim), ask(other, claim)]);
  expect([own.journalLost, others.journalLost]).toEqual([undefined, true]);
});

test.for(['store', 'locks', 'keyCertificates', 'trust', 'staff', 'enrolments'])(
  'nothing new of %s, for a kiosk that is ahead of the store, is said with where the store stands',
  async (collection, { world }) => {
    const kiosk = await world.makeKiosk(await world.makeStore());
    const { point } = await ask(kiosk, 'after=0');
    const answer = await ask(kiosk, 'after=1000', collection);
    expect(answer).toMatchObject({ documents: [], checkpoint: Number(point?.split('.')[0]), point });
  },
);
