/** A lock's name and group can be put right, by an operator, for every kiosk of its store. */
import { expect } from 'vitest';
import { journalAnswerSchema } from '#backend/admin/operator-acts.ts';
import { createJournalWriter, type JournalWriter } from './journal-writer.ts';
import { someSerial, type TestKiosk } from './test-kiosk.ts';
import { lockTest } from './store-test.ts';

const test = lockTest.extend('scene', ({ world, storeId, serialNumber }) => {
  const put = async (body: object, store = storeId, serial = serialNumber): Promise<number> =>
    (await world.admin('PUT', `/stores/${store}/locks/${serial}`, body)).status;
  const rename = async (
    by: TestKiosk,
    journal: JournalWriter,
    from: string,
    to: string,
    serial = serialNumber,
  ): Promise<void> => {
    const renaming = { from: { name: from, group: 'Watches' }, to: { name: to, group: 'Spirits' } };
    expect(
      await by.push('accessEvents', [journal.one({ ...bare, serialNumber: serial, renaming })]),
    ).toMatchObject([{ status: 'accepted' }]);
  };
  return { put, rename };
});

test('a lock that is renamed and regrouped is pulled once more, with what it is called now', async ({
  kiosk,
  serialNumber,
  scene: { put },
}) => {
  const [before] = await kiosk.pullAll('locks');
  expect(await put({ name: 'Spirits, left', group: 'Spirits' })).toBe(204);
  const [after, ...more] = await kiosk.pullAll('locks');
  expect(more).toEqual([]);
  expect(after).toMatchObject({ serialNumber, name: 'Spirits, left', group: 'Spirits' });
  expect(after?.version).toBeGreaterThan(before?.version ?? Infinity);
  // The same once more is no change.
  expect(await put({ name: 'Spirits, left', group: 'Spirits' })).toBe(204);
  expect((await kiosk.pullAll('locks'))[0]?.version).toBe(after?.version);
});

test('another store’s lock, one that is not there, and no name are refused', async ({
  world,
  storeId,
  kiosk,
  scene: { put },
}) => {
  const other = await world.makeStore();
  expect(await put({ name: 'Mine', group: '' }, other)).toBe(404);
  expect(await put({ name: 'Mine', group: '' }, storeId, someSerial())).toBe(404);
  expect(await put({ name: ' ', group: '' })).toBe(400);
  expect(await put({ name: 'Mine' })).toBe(400);
  expect((await kiosk.pullAll('locks'))[0]).not.toMatchObject({ name: 'Mine' });
});

test('a renaming is in the journal of operators, done or failed', async ({
  world,
  storeId,
  serialNumber,
  scene: { put },
}) => {
  await put({ name: 'Spirits, left', group: 'Spirits' });
  await put({ name: '' });
  const { acts } = journalAnswerSchema.parse((await world.admin('GET', '/journal?limit=2')).body);
  expect(acts.map(({ act, on, outcome }) => ({ act, on, outcome }))).toEqual([
    { act: 'lock_renamed', on: { storeId, serialNumber }, outcome: 'operator.bad_value' },
    { act: 'lock_renamed', on: { storeId, serialNumber }, outcome: 'done' },
  ]);
});

const bare = { kind: 'lock_renamed', attemptId: null, stageMs: {} } as const;

const nameNow = async (of: TestKiosk) => {
  const [lock] = await of.pullAll('locks');
  return { name: lock?.name, group: lock?.group };
};

test('a renaming at a kiosk is the store’s when its event arrives, for every kiosk, and is told who did it', async ({
  world,
  storeId,
  kiosk,
  serialNumber,
  scene: { put, rename },
}) => {
  await put({ name: 'Case 1', group: 'Watches' });
  const other = await world.makeKiosk(storeId);
  await rename(kiosk, createJournalWriter(kiosk), 'Case 1', 'Spirits, left');
  expect(await nameNow(other)).toEqual({ name: 'Spirits, left', group: 'Spirits' });
  expect((await world.admin('GET', `/stores/${storeId}/events`)).body).toMatchObject({
    events: [{ kind: 'lock_renamed', serialNumber, renaming: { to: { name: 'Spirits, left' } } }],
  });
});

test('a renaming of a name that the lock has no longer changes nothing, nor does one of another store’s lock', async ({
  world,
  kiosk,
  scene: { put, rename },
}) => {
  await put({ name: 'Case 1', group: 'Watches' });
  const journal = createJournalWriter(kiosk);
  const stranger = await world.makeKiosk(await world.makeStore());
  await rename(stranger, createJournalWriter(stranger), 'Case 1', 'Theirs');
  await rename(kiosk, journal, 'Case 9', 'Late');
  await rename(kiosk, journal, 'Case 1', 'Nobody’s', someSerial());
  expect(await nameNow(kiosk)).toEqual({ name: 'Case 1', group: 'Watches' });
});

test('an event of a renaming that comes twice undoes nothing that came since', async ({
  kiosk,
  serialNumber,
  scene: { put },
}) => {
  await put({ name: 'Case 1', group: 'Watches' });
  const renaming = { from: { name: 'Case 1', group: 'Watches' }, to: { name: 'Case 2', group: 'Watches' } };
  const event = createJournalWriter(kiosk).one({ ...bare, serialNumber, renaming });
  await kiosk.push('accessEvents', [event]);
  await put({ name: 'Case 1', group: 'Watches' });
  await kiosk.push('accessEvents', [event]);
  expect(await nameNow(kiosk)).toEqual({ name: 'Case 1', group: 'Watches' });
});
