/** `npm start -- --rights`: what its terminal says of who may open what is what the backend answers. */
import { expect } from 'vitest';
import { seedRights } from '#support/simulated-store/seed-rights.ts';
import { storeId } from '#support/simulated-store/seed.ts';
import { storeTest } from './store-test.ts';

const policy = { offlineLeaseHours: 24, idleSignOutSeconds: 300, holdOpenSeconds: 5 };
/** A Monday in November, 12:00 in London. */
const noon = Date.UTC(2026, 10, 30, 12);
const evening = Date.UTC(2026, 10, 30, 21);

const test = storeTest.extend('scene', ({ world }) => {
  const names = async (group: string, at: number): Promise<readonly string[]> => {
    const path = `/stores/${storeId}/may-open?group=${encodeURIComponent(group)}&at=${at}`;
    const { body } = await world.admin('GET', path);
    const { people } = body as { people: { name: string; decision: { kind: string } }[] };
    return people
      .filter(({ decision }) => decision.kind !== 'refused')
      .map(({ name }) => name)
      .toSorted();
  };
  return { names };
});

test('each group is for whom the terminal says, and set twice it is the same', async ({
  world,
  scene: { names },
}) => {
  expect((await world.admin('PUT', `/stores/${storeId}`, { name: 'Harbour Street', policy })).status).toBe(
    204,
  );
  const admin = {
    get: async (path: string) => (await world.admin('GET', path)).body,
    send: async (method: 'PUT' | 'POST' | 'DELETE', path: string, body?: unknown) => {
      const answer = await world.admin(method, path, body);
      expect([path, answer.status, answer.body]).toEqual([path, 204, null]);
      return null;
    },
  };
  await seedRights(admin);
  const { stores } = (await admin.get('/stores')) as { stores: { storeId: string; policy: object }[] };
  const own = stores.find((one) => one.storeId === storeId);
  expect(own?.policy).toMatchObject({ ...policy, offlineLeaseHours: 168, customerWaitsMinutes: 10 });
  const people = await admin.get(`/stores/${storeId}/staff`);
  await seedRights(admin);
  expect(await admin.get(`/stores/${storeId}/staff`)).toEqual(people);

  const everybody = ['Back office', 'Floor lead', 'Front counter', 'Saturday help'];
  expect(await names('Watches', noon)).toEqual(everybody);
  expect(await names('Beauty', noon)).toEqual(everybody);
  expect(await names('Beauty', evening)).toEqual([]);
  expect(await names('Back office', noon)).toEqual(['Back office', 'Front counter']);
});
