import { afterAll, beforeAll, expect, test } from 'vitest';
import { silentLogger } from '#backend/platform/ports.ts';
import { openDatabase } from '#backend/store/database.ts';
import { openPostgres } from './world.ts';

let postgres: Awaited<ReturnType<typeof openPostgres>>;
beforeAll(async () => {
  postgres = await openPostgres();
});
afterAll(() => postgres.dispose());

test('a statement has 30 s, and one of a migration as long as it takes', async () => {
  const database = openDatabase({ connectionString: postgres.url }, silentLogger);
  const patient = database.createPatientClient();
  await patient.connect();
  const limits = [];
  for (const client of [database.pool, patient]) {
    limits.push((await client.query<{ statement_timeout: string }>('SHOW statement_timeout')).rows[0]);
  }
  await patient.end();
  await database.dispose();
  expect(limits).toEqual([{ statement_timeout: '30s' }, { statement_timeout: '0' }]);
});
