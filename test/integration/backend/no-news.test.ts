/** Pulls that bring nothing are answered many at a time: each has to be what it would be alone. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pullAnswerSchema, type PullAnswer } from '#shared/http/contract.ts';
import { createJournal } from '../../bench/journal.ts';
import type { TestKiosk } from './test-kiosk.ts';
import { createWorld, openPostgres, policy, type World } from './world.ts';

let postgres: Awaited<ReturnType<typeof openPostgres>>;
let world: World;
beforeAll(async () => {
  postgres = await openPostgres();
  world = await createWorld(postgres.url);
});
afterAll(async () => {
  await world.dispose();
  await postgres.dispose();
});

const ask = async (kiosk: TestKiosk, query: string, collection = 'store'): Promise<PullAnswer> =>
  pullAnswerSchema.parse(await (await kiosk.request(`/v1/sync/${collection}?limit=1000&${query}`)).json());

test('of stores that are asked for in one moment, each hears where it stands itself', async () => {
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

test('an event that was delivered is held, and what a kiosk of another store says of it is not', async () => {
  const [kiosk, other] = await Promise.all([1, 2].map(async () => world.makeKiosk(await world.makeStore())));
  if (!kiosk || !other) throw new Error('two kiosks');
  const [event] = createJournal(kiosk.kioskId).next(1);
  await kiosk.push('accessEvents', [event]);
  const claim = `after=9&journal=${event?.sequence}.${event?.hash}`;
  const [own, others] = await Promise.all([ask(kiosk, claim), ask(other, claim)]);
  expect([own.journalLost, others.journalLost]).toEqual([undefined, true]);
});

test.each(['store', 'locks', 'keyCertificates', 'trust', 'staff', 'enrolments'])(
  'nothing new of %s, for a kiosk that is ahead of the store, is said with where the store stands',
  async (collection) => {
    const kiosk = await world.makeKiosk(await world.makeStore());
    const { point } = await ask(kiosk, 'after=0');
    const answer = await ask(kiosk, 'after=1000', collection);
    expect(answer).toMatchObject({ documents: [], checkpoint: Number(point?.split('.')[0]), point });
  },
);
