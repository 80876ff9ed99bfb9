/** What a test of pulls that are read at a replica finds: one primary and its standby for the file. */
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import pg from 'pg';
import { expect, inject, test } from 'vitest';
import type { z } from 'zod';
import { startEmbeddedPostgres } from '#backend/postgres/embedded.ts';
import { readAddress } from '#backend/store/address.ts';
import { openDatabase } from '#backend/store/database.ts';
import { replicaStateSchema } from '#backend/store/replica-gate.ts';
import { readReplicaAddress } from '#backend/store/replica-sessions.ts';
import { openReplica, type ReadReplica } from '#backend/store/replica.ts';
import { pullAnswerSchema } from '#shared/http/contract.ts';
import { silentLogger } from '#shared/flow/logger.ts';
import { copyFolder, makeFolder, urlOf } from '../postgres-folder.ts';
import { startStandby } from '../standby-server.ts';
import { someSerial, type TestKiosk } from './test-kiosk.ts';
import { createWorld, eventually } from './world.ts';

export const reader = { user: 'reader', password: 'canary-of-the-reader' };

export const people = Array.from({ length: 3 }, () => randomUUID());
/** What may be done while a kiosk pulls. */
export const deed = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('write' as const), who: fc.constantFrom(...people) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('pull' as const), limit: fc.integer({ min: 1, max: 3 }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('hold' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('go on' as const) }) },
);

export const ask = async (kiosk: TestKiosk, path: string) =>
  pullAnswerSchema.parse(await (await kiosk.request(`/v1/sync/${path}`)).json());

/** A page without what is sealed anew each time. */
export const unsealed = <P extends { readonly documents: readonly Readonly<Record<string, unknown>>[] }>({
  documents,
  ...rest
}: P) => ({ ...rest, documents: documents.map(({ sealed: _sealed, ...each }) => each) });

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
  /** A lock of its store, whose key is at the primary by then. */
  .extend('enrol', ({ world }) => async (kiosk: TestKiosk): Promise<void> => {
    await kiosk.pushOne(kiosk.capture(someSerial()));
    const atPrimary = kiosk.at(world.backend.url);
    await eventually(async () => expect(await atPrimary.pullAll('keyCertificates')).toHaveLength(1));
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
