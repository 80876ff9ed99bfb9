/** What a test finds of which each has a store of its own; whoever imports this has one PostgreSQL for the file. */
import { expect, inject, test } from 'vitest';
import { silentLogger } from '#shared/flow/logger.ts';
import { readAddress } from '#backend/store/address.ts';
import { openDatabase } from '#backend/store/database.ts';
import { someSerial } from './test-kiosk.ts';
import { createWorld, eventually, openPostgres } from './world.ts';

/** One PostgreSQL for the file, and for each test a backend with a store and its kiosk. */
export const storeTest = test
  .extend('postgresTemplate', { scope: 'file' }, () => inject('postgresTemplate'))
  .extend('postgres', { scope: 'file' }, async ({ postgresTemplate }, { onCleanup }) => {
    const postgres = await openPostgres(postgresTemplate);
    onCleanup(() => postgres.dispose());
    return postgres;
  })
  .extend('database', { scope: 'file' }, ({ postgres }, { onCleanup }) => {
    const database = openDatabase(readAddress(postgres.url), silentLogger);
    onCleanup(() => database.dispose());
    return database;
  })
  /** The rows themselves, as no backend shows them. */
  .extend('db', { scope: 'file' }, ({ database }) => database.db)
  .extend('world', { auto: true }, async ({ postgres }, { onCleanup }) => {
    const world = await createWorld(postgres.url);
    onCleanup(() => world.dispose());
    return world;
  })
  .extend('storeId', { auto: true }, ({ world }) => world.makeStore())
  .extend('kiosk', { auto: true }, ({ world, storeId }) => world.makeKiosk(storeId));

// In hooks, whose time is their own: else it would be the test's.
storeTest.beforeAll(({ database: _database }) => undefined);
storeTest.beforeEach(({ kiosk: _kiosk }) => undefined);

/** As `storeTest`; the store has one lock, and its key. */
export const lockTest = storeTest.extend('serialNumber', { auto: true }, async ({ kiosk }) => {
  const serialNumber = someSerial();
  await kiosk.pushOne(kiosk.capture(serialNumber));
  await eventually(async () => expect(await kiosk.pullAll('keyCertificates')).toHaveLength(1));
  return serialNumber;
});
