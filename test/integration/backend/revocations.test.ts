/** Revocation lists, from the vendor to every store. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { trustSchema } from '#shared/models/documents.ts';
import type { TestKiosk } from './test-kiosk.ts';
import { createWorld, openPostgres, type World } from './world.ts';

let postgres: Awaited<ReturnType<typeof openPostgres>>;
let world: World;
let kiosk: TestKiosk;

beforeAll(async () => {
  postgres = await openPostgres();
});
afterAll(() => postgres.dispose());
beforeEach(async () => {
  world = await createWorld(postgres.url);
  kiosk = await world.makeKiosk(await world.makeStore());
});
afterEach(() => world.dispose());

const lists = async (of: TestKiosk) => {
  const documents = (await of.pullAll('trust')).map(({ deleted, ...document }) => {
    expect(deleted).toBe(false);
    return trustSchema.parse(document);
  });
  expect(documents.filter(({ kind }) => kind === 'intermediate')).toHaveLength(1);
  return documents.filter((document) => document.kind === 'revocation_list');
};
const deliver = async (version: number, list: string): Promise<void> => {
  world.vendor.revocations = { version, list };
  expect((await world.admin('POST', '/trust/refresh')).body).toEqual({ refreshed: true });
};

test('a list reaches the stores that exist and those that are made later', async () => {
  expect(await lists(kiosk)).toEqual([]);
  await deliver(1, 'AAAA');
  expect(await lists(kiosk)).toMatchObject([{ owner: 'owner', list: 'AAAA' }]);
  const later = await world.makeKiosk(await world.makeStore());
  expect(await lists(later)).toMatchObject([{ owner: 'owner', list: 'AAAA' }]);
});

test('a newer list takes the place of the older one; the same one again changes nothing', async () => {
  await deliver(1, 'AAAA');
  const [first] = await lists(kiosk);
  await deliver(1, 'AAAA');
  expect(await lists(kiosk)).toEqual([first]);
  await deliver(2, 'BBBB');
  const [second] = await lists(kiosk);
  expect(second).toMatchObject({ trustId: first?.trustId, list: 'BBBB' });
  expect(second?.version).toBeGreaterThan(first?.version ?? 0);
});

test('an older list, or none any more, revokes no less', async () => {
  await deliver(2, 'BBBB');
  await deliver(1, 'AAAA');
  expect(await lists(kiosk)).toMatchObject([{ list: 'BBBB' }]);
  world.vendor.revocations = null;
  await world.admin('POST', '/trust/refresh');
  expect(await lists(kiosk)).toMatchObject([{ list: 'BBBB' }]);
});
