/** What a test finds that asks the database itself; whoever imports this has one PostgreSQL for the file. */
import { silentLogger } from '#shared/flow/logger.ts';
import { readAddress } from '#backend/store/address.ts';
import { openDatabase } from '#backend/store/database.ts';
import { migrate } from '#backend/store/migrate.ts';
import { postgresTest } from './postgres-test.ts';

/** One PostgreSQL for the file, with the newest tables and no backend. */
export const databaseTest = postgresTest
  .extend('database', { scope: 'file' }, async ({ postgres }, { onCleanup }) => {
    const database = openDatabase(readAddress(postgres.url), silentLogger);
    onCleanup(() => database.dispose());
    await migrate(await database.openPatientClient());
    return database;
  })
  /** The rows themselves, as no backend shows them. */
  .extend('db', { scope: 'file' }, ({ database }) => database.db);

databaseTest.beforeAll(({ database: _database }) => undefined);
