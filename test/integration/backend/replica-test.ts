/** What a test of pulls that are read at a replica finds: one primary and its standby for the file. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { expect, inject, test } from 'vitest';
import type { z } from 'zod';
import { startEmbeddedPostgres } from '#backend/postgres/embedded.ts';
import { readAddress } from '#backend/store/address.ts';
import { openDatabase } from '#backend/store/database.ts';
import { replicaStateSchema } from '#backend/store/replica-gate.ts';
import { readReplicaAddress } from '#backend/store/replica-sessions.ts';
import { openReplica, type ReadReplica } from '#backend/store/replica.ts';
import { silentLogger } from '#shared/flow/logger.ts';
import { copyFolder, makeFolder, urlOf } from '../postgres-folder.ts';
import { startStandby } from '../standby-server.ts';
import type { TestKiosk } from './test-kiosk.ts';
import { createWorld, eventually } from './world.ts';

export const reader = { user: 'reader', password: 'canary-of-the-reader' };

export const replicaTest = test
  .extend('folder', { scope: 'file' }, async ({}, { onCleanup }) => {
    const folder = await makeFolder();
    onCleanup(() => rm(folder, { recursive: true, force: true }));
    return folder;
  })
  .extend('postgres', { scope: 'file' }, async ({ folder }, { onCleanup }) => {
    const template = inject('postgresTemplate');
    if (template !== null) await copyFolder(template, join(folder, 'data'));
    const postgres = await startEmbeddedPostgres(join(folder, 'data'), silentLogger);
    onCleanup(() => postgres.dispose());
    return postgres;
  })
  /** A person's own session at the primary. */
  .extend('here', { scope: 'file' }, async ({ postgres }, { onCleanup }) => {
    const here = new pg.Client(urlOf(postgres.connection));
    onCleanup(() => here.end());
    await here.connect();
    await here.query(`CREATE ROLE ${reader.user} LOGIN PASSWORD '${reader.password}'`);
    await here.query(`GRANT pg_read_all_data TO ${reader.user}`);
    return here;
  })
  .extend('standby', { scope: 'file' }, async ({ folder, postgres, here: _here }, { onCleanup }) => {
    const standby = await startStandby({
      folder,
      connection: postgres.connection,
      name: 'replica',
    });
    onCleanup(() => standby.dispose());
    return standby;
  })
  /** Runs a statement there as a superuser, once it answers. */
  .extend('thereRun', { scope: 'file' }, ({ standby }, { onCleanup }) => {
    let client: pg.Client | null = null;
    onCleanup(() => client?.end());
    const open = async (): Promise<pg.Client> => {
      const next = new pg.Client(urlOf(standby.connection));
      next.on('error', () => undefined);
      next.on('end', () => (client = null));
      await next.connect();
      return next;
    };
    return (text: string): Promise<pg.QueryResult<{ value: unknown }>> =>
      eventually(async () => (client ??= await open()).query(text));
  })
  .extend('there', { scope: 'file' }, ({ thereRun }) => async (text: string): Promise<unknown> => {
    const { rows } = await thereRun(`SELECT ${text} AS value`);
    return rows[0]?.value;
  })
  /** Until the standby has replayed all that the primary has written. */
  .extend('untilThere', { scope: 'file' }, ({ here, there }) => async (): Promise<void> => {
    const { rows } = await here.query<{ place: string }>('SELECT pg_current_wal_flush_lsn() AS place');
    await eventually(async () =>
      expect(await there(`pg_last_wal_replay_lsn() >= '${rows[0]?.place}'::pg_lsn`)).toBe(true),
    );
  })
  .extend('world', { scope: 'file' }, async ({ postgres }, { onCleanup }) => {
    const world = await createWorld(urlOf(postgres.connection));
    onCleanup(() => world.dispose());
    return world;
  })
  /** The address of the standby, for one who may only read. */
  .extend('replicaUrl', { scope: 'file' }, ({ standby }) => urlOf({ ...standby.connection, ...reader }))
  /** An instance that reads there; the world's own does not. */
  .extend('instance', { scope: 'file' }, async ({ world, postgres, replicaUrl, untilThere }) => {
    await untilThere();
    const url = urlOf(postgres.connection);
    return world.startInstance({ database: { kind: 'server', url, replicaUrl } });
  })
  .extend(
    'state',
    ({ world, instance }) =>
      async (): Promise<z.infer<typeof replicaStateSchema>> =>
        replicaStateSchema.parse((await world.admin('GET', '/replica', undefined, instance.url)).body),
  )
  /** How many pages each server has given for what is done meanwhile. */
  .extend('pagesOf', ({ state }) => async (work: () => Promise<unknown>) => {
    const { pages: before } = await state();
    await work();
    const { pages } = await state();
    return { replica: pages.replica - before.replica, primary: pages.primary - before.primary };
  })
  .extend('makeKiosk', ({ world, instance }) => async (): Promise<TestKiosk> => {
    const kiosk = await world.makeKiosk(await world.makeStore());
    return kiosk.at(instance.url);
  })
  .extend('made', (): Set<string> => new Set())
  .extend('putPerson', ({ world, made }) => async (storeId: string, staffId: string, name: string) => {
    // Whoever is there already keeps their PIN.
    const person = { name, ...(made.has(staffId + storeId) ? {} : { pin: '582047' }) };
    made.add(staffId + storeId);
    expect((await world.admin('PUT', `/stores/${storeId}/staff/${staffId}`, person)).status).toBe(204);
  })
  /** The primary, as an instance asks it. */
  .extend('primary', { scope: 'file' }, ({ postgres }, { onCleanup }) => {
    const database = openDatabase(readAddress(urlOf(postgres.connection)), silentLogger);
    onCleanup(() => database.dispose());
    return database.db;
  })
  .extend('opened', ({}, { onCleanup }): ReadReplica[] => {
    const opened: ReadReplica[] = [];
    onCleanup(async () => {
      await Promise.all(opened.map((each) => each.dispose()));
    });
    return opened;
  })
  /** A replica at an address, as an instance has it. */
  .extend('open', ({ primary, opened }) => (url: string): ReadReplica => {
    const ports = { db: primary, now: () => Date.now(), jitter: () => 0, logger: silentLogger };
    const replica = openReplica(readReplicaAddress(url), ports);
    opened.push(replica);
    return replica;
  })
  /** For this test, what stands in the way of replay is not waited for. */
  .extend('cancelAtOnce', async ({ there, thereRun }, { onCleanup }) => {
    const reload = async (change: string, delay: string): Promise<void> => {
      await thereRun(`ALTER SYSTEM ${change}`);
      await there('pg_reload_conf()');
      await eventually(async () =>
        expect(await there(`current_setting('max_standby_streaming_delay')`)).toBe(delay),
      );
    };
    onCleanup(() => reload('RESET max_standby_streaming_delay', '30s'));
    await reload('SET max_standby_streaming_delay = 0', '0');
  });

// In a hook, whose time is its own: else it would be the first test's.
replicaTest.beforeAll(({ instance: _instance }) => undefined);
