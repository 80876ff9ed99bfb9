/** Vitest's `test` with a PostgreSQL of the file's own, which has the newest tables. */
import { Client } from 'pg';
import { inject, test } from 'vitest';
import { openPostgres } from './world.ts';

/** One PostgreSQL for the file, and nothing in it. */
export const postgresTest = test
  .extend('postgresTemplate', { scope: 'file' }, () => inject('postgresTemplate'))
  .extend('postgres', { scope: 'file' }, async ({ postgresTemplate }, { onCleanup }) => {
    const postgres = await openPostgres(postgresTemplate);
    onCleanup(() => postgres.dispose());
    return postgres;
  })
  /** A session of a person's own. */
  .extend('client', { scope: 'file' }, async ({ postgres }, { onCleanup }) => {
    const client = new Client({ connectionString: postgres.url });
    onCleanup(() => client.end());
    await client.connect();
    return client;
  });

// In a hook, whose time is its own: else it would be the first test's.
postgresTest.beforeAll(({ postgres: _postgres }) => undefined);
