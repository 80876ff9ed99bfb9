/** A kiosk of 0.2.0, which is updated last, at a store with places and people who are assigned: what it gets, and that nothing of it is lost. */
import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { eventsAnswerSchema } from '#backend/admin/answers.ts';
import { modelsOfRelease } from '#support/models-of-release.ts';
import { modelsRevision, type CollectionName } from '#shared/models/documents.ts';
import { createJournalWriter } from './journal-writer.ts';
import { someSerial } from './test-kiosk.ts';
import { lockTest } from './store-test.ts';
import { eventually, policy } from './world.ts';

const release = modelsOfRelease('0.2.0');

const test = lockTest.extend('scene', ({ world, kiosk }) => {
  const read = async (collection: CollectionName): Promise<Record<string, unknown>[]> =>
    (await kiosk.pullAll(collection))
      .filter(({ deleted }) => !deleted)
      .map(({ deleted: _, ...row }) => release.read(collection, row));
  const lockOf = async (serialNumber: string) =>
    (await read('locks')).find((lock) => lock['serialNumber'] === serialNumber);
  const done = async (method: 'PUT', path: string, body: object, status = 204): Promise<void> =>
    expect((await world.admin(method, path, body)).status).toBe(status);
  return { done, lockOf, read };
});

test('each lock has its place’s name there, the spare its number, and both their keys', async ({
  world,
  storeId,
  kiosk,
  serialNumber: old,
  scene: { done, lockOf, read },
}) => {
  await done('PUT', `/stores/${storeId}/locks/${old}`, { name: 'Spirits cabinet 2', group: 'Spirits' });
  const by = someSerial();
  await kiosk.pushOne(kiosk.capture(by));
  await eventually(async () => expect(await kiosk.pullAll('keyCertificates')).toHaveLength(2));
  const [place] = (await kiosk.pullAll('locks')).filter(({ serialNumber }) => serialNumber === old);
  const newer = await world.makeKiosk(storeId);
  const replacement = {
    by,
    was: { name: 'Cabinet 1', group: '' },
    naming: { name: 'Spirits cabinet 2', group: 'Spirits' },
  };
  const replaced = createJournalWriter(newer).one({
    ...{ kind: 'lock_replaced', serialNumber: old, attemptId: null, stageMs: {}, replacement },
    place: String(place?.['place']),
  });
  expect(await newer.push('accessEvents', [replaced])).toMatchObject([{ status: 'accepted' }]);
  expect(await lockOf(by)).toMatchObject({ name: 'Spirits cabinet 2', group: 'Spirits' });
  expect(await lockOf(old)).toMatchObject({ name: old, group: 'Spirits' });
  expect(await read('keyCertificates')).toHaveLength(2);
  // What it does there, it tells without a place; the place's history has it all the same.
  const opened = createJournalWriter(kiosk).one({ serialNumber: by, at: Date.now() + 1_000 });
  expect(release.faults('accessEvents', opened)).toEqual([]);
  expect(await kiosk.push('accessEvents', [opened])).toMatchObject([{ status: 'accepted' }]);
  const history = await world.admin('GET', `/stores/${storeId}/events?placeId=${String(place?.['place'])}`);
  const { events } = eventsAnswerSchema.parse(history.body);
  expect(events.map(({ kind, serialNumber }) => [kind, serialNumber])).toEqual(
    expect.arrayContaining([
      ['unlocked', by],
      ['lock_replaced', old],
    ]),
  );
});

test('each answer to what is pushed says what the backend can read, also where it turns a row away', async ({
  kiosk,
}) => {
  for (const collection of ['accessEvents', 'enrolments']) {
    const answer = await kiosk.request(`/v1/sync/${collection}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ rows: [{ of: 'a later release' }] }),
    });
    expect(await answer.json()).toMatchObject({ results: [{ status: 'invalid' }], modelsRevision });
  }
});

test('who is assigned is there once, by name and PIN; who is not any more is gone', async ({
  storeId,
  scene: { done, read },
}) => {
  const [staffId, district] = [randomUUID(), randomUUID()];
  await done('PUT', `/stores/${storeId}`, { name: 'A store', policy: { ...policy, duressPin: true } });
  await done('PUT', '/organisation/rights', { timeZone: 'Europe/Paris', roles: [], rules: [] });
  await done('PUT', `/districts/${district}`, { name: 'North' });
  const january = { from: '2027-01-01', until: '2027-01-31' };
  const put = (assignments: readonly object[], pins: object = {}) =>
    done('PUT', `/people/${staffId}`, { name: 'Ada', assignments, ...pins }, 200);
  await put(
    [
      { roles: ['lead'], storeId },
      { roles: ['auditor'], ...january },
    ],
    {
      ...{ pin: '582047', duressPin: '930274', employeeNumber: '0042' },
    },
  );
  const [ada, ...others] = await read('staff');
  expect(others).toEqual([]);
  expect(ada).toMatchObject({ staffId, name: 'Ada', pin: { n: 2 ** 17 } });
  expect(Object.keys(ada ?? {})).not.toContain('assignments');
  expect(await read('store')).toMatchObject([{ name: 'A store' }]);
  await put([{ roles: ['lead'], districtId: district }]);
  expect(await read('staff')).toEqual([]);
});
