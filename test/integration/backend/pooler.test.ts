/** A pooler between the backend and its database: what goes through it, what past it, and what is told where it is set up otherwise. */
import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type pg from 'pg';
import { afterEach, expect } from 'vitest';
import { createBackend } from '#backend/backend.ts';
import { type BackendConfig } from '#backend/config.ts';
import { silentLogger } from '#shared/flow/logger.ts';
import { readAddress } from '#backend/store/address.ts';
import { openDatabase, sessionLimits } from '#backend/store/database.ts';
import { connectQuery, requireSoundSessions } from '#backend/store/pooler.ts';
import { withinDeadline } from '#backend/store/session.ts';
import { registrationCodeAnswer } from '#support/simulated-store/admin.ts';
import { startPoolerDouble, type PoolerBehaviour, type PoolerDouble } from '#support/pooler-double.ts';
import { registerKiosk } from './test-kiosk.ts';
import { policy } from './world.ts';
import { worldTest } from './world-test.ts';

const poolers: PoolerDouble[] = [];
afterEach(async () => {
  for (const pooler of poolers.splice(0)) await pooler.dispose();
});
const limits = Object.fromEntries(Object.entries(sessionLimits).map(([name, ms]) => [name, String(ms)]));

const test = worldTest.extend(
  'through',
  ({ postgres }) =>
    async (behaviour: PoolerBehaviour): Promise<{ readonly pooler: PoolerDouble; readonly url: string }> => {
      const server = new URL(postgres.url);
      const pooler = await startPoolerDouble(server.searchParams.get('host') ?? '', behaviour);
      poolers.push(pooler);
      const { username, password, pathname } = server;
      return { pooler, url: `postgres://${username}:${password}@127.0.0.1:${pooler.port}${pathname}` };
    },
);

const asServer = (url: string, poolerUrl?: string): BackendConfig['database'] => ({
  kind: 'server',
  url,
  ...(poolerUrl === undefined ? {} : { poolerUrl }),
});

test('all goes through it but what listens and migrates, and a change is heard', async ({
  postgres,
  world,
  through,
}) => {
  const { pooler, url } = await through({ settings: 'refused', ownSettings: limits });
  const instance = await world.startInstance({
    database: asServer(postgres.url, url),
    tenantId: randomUUID(),
  });
  expect((await fetch(`${instance.url}/ready`)).status).toBe(200);
  expect((await world.admin('POST', '/trust/refresh', undefined, instance.url)).body).toEqual({
    refreshed: true,
  });
  const before = pooler.sessions;
  expect(before).toBeGreaterThan(0);

  const storeId = randomUUID();
  const put = (name: string) => world.admin('PUT', `/stores/${storeId}`, { name, policy }, instance.url);
  expect((await put('A store')).status).toBe(204);
  const { body } = await world.admin(
    'POST',
    `/stores/${storeId}/registration-codes`,
    undefined,
    instance.url,
  );
  const kiosk = await registerKiosk(instance.url, registrationCodeAnswer.parse(body).code);
  const stream = await kiosk.request('/v1/sync/stream');
  const reader = stream.body?.getReader();
  await put('Renamed');
  let heard = '';
  while (!heard.includes('event: resync'))
    heard += Buffer.from((await reader?.read())?.value ?? []).toString();
  await reader?.cancel();
});

test('a statement has its limits there too, and a commit that is late is cancelled through it', async ({
  postgres,
  through,
}) => {
  const { pooler, url } = await through({ settings: 'refused', ownSettings: limits });
  const database = openDatabase(readAddress(postgres.url), silentLogger, Math.random, readAddress(url));
  try {
    const { rows } = await sql<object>`SHOW statement_timeout`.execute(database.db);
    expect(rows).toEqual([{ statement_timeout: '30s' }]);
    const client = await database.openPooledClient();
    await expect(
      withinDeadline(client, 100, () => client.query('SELECT pg_sleep(60)')),
    ).rejects.toMatchObject({
      code: '08007',
    });
    expect(pooler.cancels).toEqual({ passedOn: 1, dropped: 0 });
    await client.end();
  } finally {
    await database.dispose();
  }
});

const direct = 'DATABASE_URL';
const needsServer =
  'leads to a connection pooler; name the server itself, and the pooler in DATABASE_POOLER_URL';

test.for([
  ['the server is a pooler that refuses settings', { settings: 'refused' }, null, direct, needsServer],
  ['the server is a pooler that passes over settings', { settings: 'ignored' }, null, direct, needsServer],
  [
    'the pooler gives no limits',
    null,
    { settings: 'ignored' },
    'DATABASE_POOLER_URL',
    `does not limit its sessions as they have to be; its configuration needs connect_query='${connectQuery}'`,
  ],
  [
    'the pooler gives limits that are none',
    null,
    { settings: 'ignored', ownSettings: { ...limits, statement_timeout: '10h' } },
    'DATABASE_POOLER_URL',
    `does not limit its sessions as they have to be; its configuration needs connect_query='${connectQuery}'`,
  ],
] as const)(
  '%s: the start says which address is wrong, and what it needs',
  async ([_what, server, pooler, path, problem], { postgres, world, through }) => {
    const url = server ? (await through(server)).url : postgres.url;
    const poolerUrl = pooler ? (await through(pooler)).url : undefined;
    const started = createBackend({ ...world.config, database: asServer(url, poolerUrl) }, world.ports);
    await expect(started).rejects.toMatchObject({
      error: { code: 'config.invalid', params: { path, problem } },
    });
  },
);

test('an address where nothing is heard is found out, and a pooler in front of another database', async ({
  postgres,
  through,
}) => {
  const { url } = await through({ settings: 'ignored', ownSettings: limits });
  for (const [server, pooler, path, problem] of [
    [url, undefined, direct, needsServer],
    [
      postgres.url,
      url.replace(/\/[^/]*$/, '/template1'),
      'DATABASE_POOLER_URL',
      'leads to another database than DATABASE_URL',
    ],
  ] as const) {
    const address = pooler === undefined ? pooler : readAddress(pooler);
    const database = openDatabase(readAddress(server), silentLogger, Math.random, address);
    await expect(requireSoundSessions(database, pooler !== undefined, 100)).rejects.toMatchObject({
      error: { code: 'config.invalid', params: { path, problem } },
    });
    await database.dispose();
  }
});

test('where one address leads to the standby and the other to the primary, it is waited for', async ({
  postgres,
  through,
}) => {
  const { url } = await through({ settings: 'ignored', ownSettings: limits });
  const database = openDatabase(readAddress(postgres.url), silentLogger, Math.random, readAddress(url));
  // As if on another server of the same cluster, which has heard nothing.
  const openPooledClient = async (): Promise<pg.Client> => {
    const client = await database.openPooledClient();
    const query = client.query.bind(client);
    const elsewhere = (text: string, values?: unknown[]): unknown =>
      text.includes('pg_notify')
        ? query('SELECT 1')
        : query(text.replace('pg_postmaster_start_time()', "'another time'"), values);
    return Object.assign(client, { query: elsewhere });
  };
  const openClient = (): Promise<pg.Client> => database.openClient();
  try {
    await expect(requireSoundSessions({ openClient, openPooledClient }, true, 20)).rejects.toThrow(
      'leads to another of its servers',
    );
  } finally {
    await database.dispose();
  }
});
