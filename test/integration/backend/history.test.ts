/** How far back a backend knows where its stores have been, and what a kiosk is told that was away for longer. */
import { expect } from 'vitest';
import { pullAnswerSchema } from '#shared/http/contract.ts';
import { silentLogger } from '#shared/flow/logger.ts';
import { readAddress } from '#backend/store/address.ts';
import { openDatabase } from '#backend/store/database.ts';
import { forgetOldPoints } from '#backend/store/history.ts';
import { storeTest } from './store-test.ts';
import { policy } from './world.ts';

const test = storeTest.extend('scene', { auto: true }, ({ world, kiosk }) => {
  const ask = async (seen: string) =>
    pullAnswerSchema.parse(await (await kiosk.request(`/v1/sync/store?after=0&limit=1&seen=${seen}`)).json());
  const { database: server } = world.config;
  const database = openDatabase(readAddress(server.kind === 'server' ? server.url : ''), silentLogger);
  return { database, ask };
});
test.afterEach(({ scene: { database } }) => database.dispose());

test('points are known for the last 10,000 versions; whoever saw an older one takes everything anew', async ({
  world,
  storeId,
  kiosk,
  scene: { database, ask },
}) => {
  const { point = '' } = await kiosk.pull('store');
  const setBack = (versions: number) =>
    database.db
      .updateTable('stores')
      .set({ sequence: Number(point.split('.')[0]) + versions })
      .where('store_id', '=', storeId)
      .execute();
  await setBack(10_000);
  await forgetOldPoints(database.db, 1000);
  expect(await ask(point)).not.toHaveProperty('otherHistory');
  await setBack(10_001);
  await forgetOldPoints(database.db, 1000);
  expect(await ask(point)).toMatchObject({ otherHistory: true, documents: [] });
  // Begun anew, it is where the others are.
  await world.admin('PUT', `/stores/${storeId}`, { name: 'Another name', policy });
  const anew = await kiosk.pull('store');
  expect(anew.documents).toMatchObject([{ name: 'Another name' }]);
  expect(await ask(anew.point ?? '')).not.toHaveProperty('otherHistory');
});
