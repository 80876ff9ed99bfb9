/** What a test finds where a file's tests share a world; whoever imports this has one PostgreSQL and one backend for the file. */
import { postgresTest } from './postgres-test.ts';
import { createWorld } from './world.ts';

/** One backend for the file; a store and its kiosk where a test asks for them, the same for all tests. */
export const worldTest = postgresTest
  .extend('world', { scope: 'file' }, async ({ postgres }, { onCleanup }) => {
    const world = await createWorld(postgres.url);
    onCleanup(() => world.dispose());
    return world;
  })
  .extend('storeId', { scope: 'file' }, ({ world }) => world.makeStore())
  .extend('kiosk', { scope: 'file' }, ({ world, storeId }) => world.makeKiosk(storeId));

worldTest.beforeAll(({ world: _world }) => undefined);
