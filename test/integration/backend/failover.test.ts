/**
 * A short failover: the primary is killed under load and its synchronous standby promoted, with the programs that the built-in
 * PostgreSQL ships. `npm run test:failover` does it with a cluster's own machinery, and nine more failures.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { expect, test as base } from 'vitest';
import { silentLogger } from '#shared/flow/logger.ts';
import { prepareBinaries } from '#backend/postgres/binaries.ts';
import { locateCluster, privateFolder, systemDir } from '#backend/postgres/cluster.ts';
import { startEmbeddedPostgres } from '#backend/postgres/embedded.ts';
import { chooseRunAs } from '#backend/postgres/run-as.ts';
import { copyFolder, makeFolder } from '../postgres-folder.ts';
import { createJournalWriter } from './journal-writer.ts';
import { someSerial, type TestKiosk } from './test-kiosk.ts';
import { createWorld, eventually, type World } from './world.ts';

interface Server {
  /** The folder of its socket. */
  readonly host: string;
  readonly process: ChildProcess;
}
const credentials = { user: 'latchpoint', password: '' };
const servers: Server[] = [];

/** Nobody starts it again when it has ended, as the built-in one is. */
const startServer = async (dir: string, ...settings: string[]): Promise<Server> => {
  const runAs = await chooseRunAs(dir);
  const bin = await prepareBinaries(runAs, systemDir);
  const host = await privateFolder(runAs);
  const all = ['listen_addresses=', 'shared_buffers=16MB', 'wal_receiver_status_interval=1s', ...settings];
  const args = ['-D', dir, '-k', host, ...all.flatMap((each) => ['-c', each])];
  const server = {
    host,
    process: spawn(join(bin, 'postgres'), args, { ...runAs, env: {}, stdio: 'ignore', cwd: host }),
  };
  servers.push(server);
  return server;
};

const asPerson = async (host: string, query: string): Promise<unknown[]> => {
  const client = new pg.Client({ ...credentials, host, database: 'postgres' });
  await client.connect();
  try {
    return (await client.query<object>(query)).rows;
  } finally {
    await client.end();
  }
};

const test = base
  .extend('folder', { scope: 'file' }, async ({}, { onCleanup }) => {
    const folder = await makeFolder();
    onCleanup(() => rm(folder, { recursive: true, force: true }));
    return folder;
  })
  .extend('cluster', { scope: 'file', auto: true }, async ({ folder }, { onCleanup }) => {
    const dataDir = join(folder, 'data');
    // Made, and at rest again: a copy of it is a standby that has missed nothing.
    const made = await startEmbeddedPostgres(dataDir, silentLogger);
    credentials.password = made.connection.password;
    await made.dispose();
    const cluster = (await locateCluster(dataDir)).dir;
    onCleanup(async () => {
      for (const { host, process } of servers) {
        const ended = process.exitCode ?? process.signalCode ?? once(process, 'exit');
        process.kill('SIGINT');
        await ended;
        await rm(host, { recursive: true, force: true });
      }
      await rm(`${cluster}-standby`, { recursive: true, force: true });
    });
    await copyFolder(cluster, `${cluster}-standby`);
    return cluster;
  });

// In a hook, whose time is its own: else it would be the first test's.
test.beforeAll(({ cluster: _cluster }) => undefined);

/** A kiosk that goes on until it is told to end: what was not acknowledged is sent again, as it was. */
const work = async (kiosk: TestKiosk, signal: AbortSignal): Promise<{ sent: number; captured: string[] }> => {
  const journal = createJournalWriter(kiosk);
  const captured: string[] = [];
  let sent = 0;
  const untilAccepted = async (collection: 'accessEvents' | 'enrolments', rows: unknown[]): Promise<void> => {
    for (let tries = 0; tries < 600; tries += 1) {
      const results = await kiosk.push(collection, rows).catch(() => []);
      if (results.length === rows.length && results.every(({ status }) => status === 'accepted')) return;
      await delay(50);
    }
    throw new Error(`${collection} were not accepted again`);
  };
  while (!signal.aborted) {
    const events = journal.next(5);
    await untilAccepted('accessEvents', events);
    sent += events.length;
    const serialNumber = someSerial();
    captured.push(serialNumber);
    await untilAccepted('enrolments', [kiosk.capture(serialNumber)]);
    await delay(20);
  }
  return { sent, captured };
};

/** What the backend has of its journal. */
const journalOf = async (world: World, storeId: string): Promise<unknown> =>
  (await world.admin('GET', `/stores/${storeId}/kiosks`)).body;

test('a primary is killed and its standby promoted: kiosks go on, nothing acknowledged is lost, nothing is there twice', async ({
  cluster,
}) => {
  await writeFile(join(`${cluster}-standby`, 'standby.signal'), '', { mode: 0o644 });
  const primary = await startServer(cluster, 'synchronous_standby_names=other');
  const from = `host=${primary.host} user=${credentials.user} password=${credentials.password}`;
  const standby = await startServer(`${cluster}-standby`, `primary_conninfo=${from} application_name=other`);
  const inStep = `SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync'`;
  await eventually(async () => expect(await asPerson(primary.host, inStep)).toHaveLength(1));
  const { user, password } = credentials;
  const hosts = encodeURIComponent(`${primary.host},${standby.host}`);
  const world = await createWorld(
    `postgres://${user}:${password}@/postgres?host=${hosts}&target_session_attrs=read-write`,
  );
  const ending = new AbortController();
  try {
    const second = await world.startInstance();
    const stores = [await world.makeStore(), await world.makeStore()];
    const kiosks = [await world.makeKiosk(stores[0] ?? ''), await world.makeKiosk(stores[1] ?? '')];
    const working = Promise.all(
      kiosks.map((kiosk, n) => work(n === 0 ? kiosk : kiosk.at(second.url), ending.signal)),
    );
    await delay(1_000);
    primary.process.kill('SIGKILL');
    await once(primary.process, 'exit');
    await delay(200);
    await asPerson(standby.host, 'SELECT pg_promote()');
    const before = world.vendor.committed.length;
    await eventually(() => expect(world.vendor.committed.length).toBeGreaterThan(before + 10));
    ending.abort();
    const done = await working;
    for (const [n, { sent }] of done.entries()) {
      const journal = { events: sent, missing: [], forks: 0 };
      expect(await journalOf(world, stores[n] ?? '')).toMatchObject({ kiosks: [{ journal }] });
    }
    const captured = done.flatMap((each) => each.captured).toSorted();
    await eventually(() => expect(world.vendor.committed.toSorted()).toEqual(captured));
    for (const [n, kiosk] of kiosks.entries()) {
      await eventually(async () => {
        const states = (await kiosk.pullAll('enrolments')).map(({ state }) => state);
        expect(states).toEqual(done[n]?.captured.map(() => 'registered'));
      });
    }
  } finally {
    ending.abort();
    await world.dispose();
  }
});
