/** What a test finds of which each has a store of its own; whoever imports this has one PostgreSQL for the file. */
import { expect } from 'vitest';
import { databaseTest } from './database-test.ts';
import { someSerial } from './test-kiosk.ts';
import { createWorld, eventually } from './world.ts';

/** One PostgreSQL for the file, and for each test a backend with a store and its kiosk. */
export const storeTest = databaseTest
  .extend('world', { auto: true }, async ({ postgres }, { onCleanup }) => {
    const world = await createWorld(postgres.url);
    onCleanup(() => world.dispose());
    return world;
  })
  .extend('storeId', { auto: true }, ({ world }) => world.makeStore())
  .extend('kiosk', { auto: true }, ({ world, storeId }) => world.makeKiosk(storeId));

// In a hook, whose time is its own: else it would be the test's.
storeTest.beforeEach(({ kiosk: _kiosk }) => undefined);

/** As `storeTest`; the store has one lock, and its key. */
export const lockTest = storeTest.extend('serialNumber', { auto: true }, async ({ kiosk }) => {
  const serialNumber = someSerial();
  await kiosk.pushOne(kiosk.capture(serialNumber));
  await eventually(async () => expect(await kiosk.pullAll('keyCertificates')).toHaveLength(1));
  return serialNumber;
});
