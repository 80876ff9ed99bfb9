/** A backend that starts before its database: it waits, says so, and serves once the database is there. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type Server } from 'node:net';
import process from 'node:process';
import { text } from 'node:stream/consumers';
import { expect } from 'vitest';
import { createBackend, type Backend } from '#backend/backend.ts';
import { freePort } from '#support/free-port.ts';
import { createWorld, eventually } from './world.ts';
import { postgresTest } from './postgres-test.ts';

const test = postgresTest;

const listening = async (server: Server, port: number): Promise<number> => {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
};
const answer = async (url: string, path: string): Promise<unknown> => {
  const response = await fetch(url + path);
  return [response.status, await response.json()];
};

test('it is alive and not ready while it waits, and migrates and serves once the database is there', async ({
  postgres,
}) => {
  const socket = new URL(postgres.url).searchParams.get('host') ?? '';
  const [databasePort, port] = [await freePort(), await freePort()];
  const world = await createWorld(postgres.url);
  const log: string[] = [];
  const logger = { ...world.ports.logger, warn: (event: string) => void log.push(event) };
  const { user, password } = (({ username, password: secret }) => ({ user: username, password: secret }))(
    new URL(postgres.url),
  );
  const url = `postgres://${user}:${password}@127.0.0.1:${String(databasePort)},127.0.0.1:1/postgres?target_session_attrs=read-write`;
  const config = { ...world.config, port, database: { kind: 'server', url } } as const;
  const starting: Promise<Backend> = createBackend(config, { ...world.ports, logger });
  const here = `http://127.0.0.1:${String(port)}`;
  await eventually(async () => expect(await answer(here, '/live')).toEqual([200, { status: 'alive' }]));
  expect(await answer(here, '/ready')).toEqual([503, { status: 'unready', reason: 'starting' }]);
  expect(await answer(here, '/v1/health')).toEqual([503, { status: 'unready', reason: 'starting' }]);
  expect(await answer(here, '/v1/sync/locks')).toMatchObject([503, { error: { code: 'sync.unreachable' } }]);
  expect(log).toContain('waiting for the database');

  const proxy = createServer((near) => {
    const far = connect(`${socket}/.s.PGSQL.5432`);
    near.pipe(far).pipe(near);
    near.on('error', () => far.destroy());
    far.on('error', () => near.destroy());
    near.on('close', () => far.destroy());
  });
  await listening(proxy, databasePort);
  const backend = await starting;
  try {
    expect(backend.url).toBe(here);
    expect(await answer(here, '/ready')).toEqual([200, { status: 'ok' }]);
    const kiosk = await world.makeKiosk(await world.makeStore());
    expect((await kiosk.at(here).request('/v1/sync/locks?after=0&limit=1')).status).toBe(200);
  } finally {
    await backend.dispose();
    proxy.close();
    await world.dispose();
  }
});

test('SIGTERM ends the waiting, with exit code 0 and no word of the password', async () => {
  const port = await freePort();
  const child = fork('backend/main.ts', [], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    execArgv: ['--disable-warning=ExperimentalWarning'],
    env: {
      PATH: process.env['PATH'],
      PORT: String(port),
      DATABASE_URL: 'postgres://u:canary-password@127.0.0.1:1/db',
      LIVE_LOCK_API_URL: 'http://127.0.0.1:1',
      LIVE_LOCK_API_KEY: 'canary.api.key',
      LIVE_LOCK_OWNER: 'owner',
      ADMIN_TOKEN: 'an admin token for tests',
      SEALING_SECRET: 'canary sealing secret, long enough',
    },
  });
  const said = child.stderr ? text(child.stderr) : Promise.resolve('');
  await eventually(async () =>
    expect((await fetch(`http://127.0.0.1:${String(port)}/live`)).status).toBe(200),
  );
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  expect((await ended)[0]).toBe(0);
  expect(await said).toContain('"event":"waiting for the database"');
  expect(await said).not.toContain('canary');
});

test('a port that is taken is said while it waits, too', async ({ postgres }) => {
  const other = createServer();
  const port = await listening(other, 0);
  const world = await createWorld(postgres.url);
  const database = { kind: 'server', url: 'postgres://u@127.0.0.1:1/db' } as const;
  const failed = createBackend({ ...world.config, port, database }, world.ports);
  await expect(failed).rejects.toMatchObject({ error: { code: 'config.port_taken' } });
  other.close();
  await world.dispose();
});
