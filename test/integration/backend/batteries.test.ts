/** What a back office sees of the batteries of a store: the list of the week, from the events of its kiosks. */
import { expect } from 'vitest';
import { batteriesAnswerSchema } from '#backend/admin/batteries.ts';
import { createJournalWriter, type JournalWriter } from './journal-writer.ts';
import { someSerial } from './test-kiosk.ts';
import { lockTest } from './store-test.ts';

const dayMs = 86_400_000;
const bare = { attemptId: null, stageMs: {}, staffId: null, serialNumber: null } as const;

const test = lockTest.extend('scene', ({ world, storeId, kiosk, serialNumber }) => {
  const list = async () =>
    batteriesAnswerSchema.parse((await world.admin('GET', `/stores/${storeId}/batteries`)).body);
  const tell = async (journal: JournalWriter, own: Parameters<JournalWriter['one']>[0]): Promise<void> => {
    expect(await kiosk.push('accessEvents', [journal.one({ ...bare, ...own })])).toMatchObject([
      { status: 'accepted' },
    ]);
  };
  /** A reading, so many days ago. */
  const read = (
    journal: JournalWriter,
    daysAgo: number,
    percent: number,
    of = serialNumber,
    heardAgo = daysAgo,
  ): Promise<void> =>
    tell(journal, {
      ...{ kind: 'batteries_read', at: Date.now() - daysAgo * dayMs },
      batteries: [{ serialNumber: of, percent, heardAt: Date.now() - heardAgo * dayMs }],
    });
  return { list, read, tell };
});

test('are those that are due within the week by what was told day by day, in whatever order', async ({
  kiosk,
  serialNumber,
  scene: { list, read },
}) => {
  expect(await list()).toEqual({ change: [], silent: [], later: 0, few: 0, never: 1 });
  const journal = createJournalWriter(kiosk);
  for (const daysAgo of [0, 20, 12, 18, 3, 15, 9, 6]) await read(journal, daysAgo, 26 + daysAgo);
  expect(await list()).toMatchObject({
    change: [{ serialNumber, percent: 26, low: false, days: 6 }],
    never: 0,
  });
});

test('are as a lock said last on a day; a lock of another store, and a day to come, are nobody’s', async ({
  storeId,
  kiosk,
  db,
  scene: { read, list },
}) => {
  const journal = createJournalWriter(kiosk);
  await read(journal, 0, 40);
  await read(journal, 0, 12);
  await read(journal, -2, 5);
  await read(journal, 0, 3, someSerial());
  await read(journal, 90, 1);
  expect(await list()).toMatchObject({ change: [{ percent: 12, days: null }], silent: [], never: 0 });
  const rows = await db
    .selectFrom('battery_readings')
    .select('percent')
    .where('store_id', '=', storeId)
    .execute();
  expect(rows).toEqual([{ percent: 12 }]);
});

test('are off the list once somebody has changed them, and silent a week later', async ({
  kiosk,
  serialNumber,
  scene: { read, list, tell },
}) => {
  const journal = createJournalWriter(kiosk);
  await read(journal, 20, 15);
  expect((await list()).change).toHaveLength(1);
  const round = { changed: [serialNumber], left: 0, serialNumbers: [] };
  await tell(journal, {
    kind: 'battery_round',
    at: Date.now() - 8 * dayMs,
    round,
    staffId: crypto.randomUUID(),
  });
  expect(await list()).toMatchObject({ change: [], silent: [{ serialNumber, percent: null }] });
  await read(journal, 0, 98);
  expect(await list()).toEqual({ change: [], silent: [], later: 0, few: 1, never: 0 });
});

test('say that a lock raises the alarm itself', async ({
  kiosk,
  serialNumber,
  scene: { read, tell, list },
}) => {
  const journal = createJournalWriter(kiosk);
  await read(journal, 0, 30);
  await tell(journal, { kind: 'alarm_raised', alarm: 'battery_low', serialNumber });
  expect((await list()).change).toMatchObject([{ serialNumber, percent: 30, low: true }]);
});

test('an alarm of a battery that was changed since says nothing, nor one that a better word of the lock belies', async ({
  kiosk,
  serialNumber,
  scene: { tell, read, list },
}) => {
  const journal = createJournalWriter(kiosk);
  await tell(journal, {
    kind: 'alarm_raised',
    alarm: 'battery_low',
    serialNumber,
    at: Date.now() - 3 * dayMs,
  });
  await read(journal, 2, 22);
  expect((await list()).change).toMatchObject([{ percent: 22, low: true }]);
  await read(journal, 1, 98);
  expect((await list()).change).toEqual([]);
  const round = { changed: [serialNumber], left: 0, serialNumbers: [] };
  await tell(journal, { kind: 'battery_round', round, staffId: crypto.randomUUID() });
  expect(await list()).toMatchObject({ change: [], few: 1 });
});

test('what a kiosk heard before the battery was changed, and told after it, is of the battery that is gone', async ({
  kiosk,
  serialNumber,
  scene: { read, tell, list },
}) => {
  const journal = createJournalWriter(kiosk);
  await read(journal, 5, 12);
  const round = { changed: [serialNumber], left: 0, serialNumbers: [] };
  const own = { kind: 'battery_round', round, staffId: crypto.randomUUID() } as const;
  await tell(journal, { ...own, at: Date.now() - 2 * dayMs });
  await read(journal, 1, 9, serialNumber, 2.5);
  expect(await list()).toMatchObject({ change: [], few: 1 });
  await read(journal, 0, 100);
  await read(journal, 0, 9, serialNumber, 0.4);
  expect((await list()).change).toEqual([]);
});

test('a lock that was given back takes what was said of its battery along', async ({
  world,
  storeId,
  kiosk,
  serialNumber,
  db,
  scene: { read },
}) => {
  const journal = createJournalWriter(kiosk);
  await read(journal, 3, 12);
  await world.admin('POST', `/stores/${storeId}/locks/${serialNumber}/release`);
  expect(await kiosk.push('accessEvents', [journal.released(serialNumber)])).toMatchObject([
    { status: 'accepted' },
  ]);
  const rows = db.selectFrom('battery_readings').select('percent').where('store_id', '=', storeId);
  expect(await rows.execute()).toEqual([]);
});

test('two kiosks that tell of the same locks at the same time do not hold each other up', async ({
  world,
  storeId,
  kiosk,
  serialNumber,
}) => {
  const other = await world.makeKiosk(storeId);
  const at = Date.now();
  const told = (journal: JournalWriter, from: number) =>
    Array.from({ length: 10 }, (_, n) => ({
      ...journal.one({
        ...{ ...bare, kind: 'batteries_read', at },
        batteries: [{ serialNumber, percent: n, heardAt: at - ((from + n) % 10) * dayMs }],
      }),
    }));
  const answers = await Promise.all(
    [kiosk, other].map((each, n) => each.push('accessEvents', told(createJournalWriter(each), n * 5))),
  );
  expect(answers.flat().every(({ status }) => status === 'accepted')).toBe(true);
});
