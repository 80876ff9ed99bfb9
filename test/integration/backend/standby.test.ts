/**
 * A primary whose commits wait for a standby that is away. The standby is a real one: made from a backup, it connects, and what
 * waited goes on.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { expect, test as base } from 'vitest';
import { z } from 'zod';
import { silentLogger } from '#shared/flow/logger.ts';
import { startEmbeddedPostgres } from '#backend/postgres/embedded.ts';
import { createEnrolmentPush } from '#backend/enrolment/push-enrolments.ts';
import { readAddress } from '#backend/store/address.ts';
import { openDatabase } from '#backend/store/database.ts';
import { createEventPush } from '#backend/sync/push-events.ts';
import { makeFolder, urlOf } from '../postgres-folder.ts';
import { startStandby, type Standby } from '../standby-server.ts';
import { createJournalWriter } from './journal-writer.ts';
import { assertion, requestToken } from './test-kiosk.ts';
import { createWorld, eventually, policy } from './world.ts';

const test = base
  .extend('folder', { scope: 'file' }, async ({}, { onCleanup }) => {
    const folder = await makeFolder();
    onCleanup(() => rm(folder, { recursive: true, force: true }));
    return folder;
  })
  .extend('postgres', { scope: 'file' }, async ({ folder }, { onCleanup }) => {
    const postgres = await startEmbeddedPostgres(join(folder, 'data'), silentLogger);
    onCleanup(() => postgres.dispose());
    return postgres;
  })
  .extend('person', { scope: 'file' }, async ({ postgres }, { onCleanup }) => {
    const person = new pg.Client(urlOf(postgres.connection));
    onCleanup(() => person.end());
    await person.connect();
    return person;
  })
  .extend('world', async ({ postgres }, { onCleanup }) => {
    const world = await createWorld(urlOf(postgres.connection));
    onCleanup(() => world.dispose());
    return world;
  })
  /** Server processes that wait for the standby. */
  .extend(
    'waiting',
    ({ person }) =>
      async (): Promise<number[]> =>
        z
          .array(z.object({ pid: z.int() }))
          .parse((await person.query(`SELECT pid FROM pg_stat_activity WHERE wait_event = 'SyncRep'`)).rows)
          .map(({ pid }) => pid),
  )
  /** Until a commit waits: the server's checkpointer takes the setting up for all the others, some time after it was told to. */
  .extend('untilCommitsWait', ({ postgres, person, waiting }) => async (): Promise<void> => {
    const client = new pg.Client(urlOf(postgres.connection));
    await client.connect();
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    const own = rows[0]?.pid ?? 0;
    try {
      await eventually(async () => {
        const commit = { isOver: false };
        const committed = client
          .query(`SELECT pg_logical_emit_message(true, 'probe', '')`)
          .finally(() => (commit.isOver = true));
        while (!commit.isOver && !(await waiting()).includes(own)) await delay(5);
        const isHeld = !commit.isOver;
        if (isHeld) await person.query('SELECT pg_cancel_backend($1)', [own]);
        await committed;
        expect(isHeld).toBe(true);
      });
    } finally {
      await client.end();
    }
  })
  .extend('setSynchronous', ({ person, untilCommitsWait }) => async (name: string): Promise<void> => {
    await person.query('SET synchronous_commit = local');
    await person.query(`ALTER SYSTEM SET synchronous_standby_names = '${name}'`);
    await person.query('SELECT pg_reload_conf()');
    if (name !== '') await untilCommitsWait();
  })
  .extend('readiness', ({ world }) => async (): Promise<unknown[]> => {
    const answer = await fetch(`${world.backend.url}/ready`);
    return [answer.status, await answer.json()];
  })
  /** Made from a backup of the primary; connects to it under `name`. */
  .extend('startStandby', ({ folder, postgres }) => (name: string): Promise<Standby> => {
    return startStandby({ folder, connection: postgres.connection, name });
  });

// In a hook, whose time is its own: else it would be the first test's.
test.beforeAll(({ person: _person }) => undefined);
test.afterEach(({ setSynchronous }) => setSynchronous(''));

test('while it is away reads go on and writes are told to come back; when it is back all of it heals', async ({
  world,
  waiting,
  setSynchronous,
  readiness,
  startStandby,
}) => {
  const storeId = await world.makeStore();
  const kiosk = await world.makeKiosk(storeId);
  const journal = createJournalWriter(kiosk);
  const events = journal.next(10);
  const push = async (): Promise<Response> =>
    kiosk.request('/v1/sync/accessEvents', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ rows: events }),
    });
  await eventually(async () => expect(await readiness()).toEqual([200, { status: 'ok' }]));
  await setSynchronous('away');

  // The first ones get as far as the commit, and are let go again; later ones do not even take a session.
  const begun = performance.now();
  const renamed = world.admin('PUT', `/stores/${storeId}`, { name: 'Renamed', policy });
  const pushed = await push();
  expect([pushed.status, (await renamed).status]).toEqual([503, 503]);
  expect(pushed.headers.get('retry-after')).not.toBeNull();
  expect(performance.now() - begun).toBeLessThan(9_000);
  expect(await readiness()).toEqual([503, { status: 'unready', reason: 'database_does_not_confirm' }]);
  expect((await fetch(`${world.backend.url}/v1/health`)).status).toBe(503);
  expect((await fetch(`${world.backend.url}/live`)).status).toBe(200);

  const again = performance.now();
  const many = await Promise.all(Array.from({ length: 40 }, push));
  expect(new Set(many.map(({ status }) => status))).toEqual(new Set([503]));
  expect(performance.now() - again).toBeLessThan(3_000);
  expect((await waiting()).length).toBeLessThanOrEqual(2);

  // Reads, and the tokens that they need. This store has no key for badges yet, and none can be made now.
  const [store] = await kiosk.pullAll('store');
  expect(store).toMatchObject({ storeId });
  expect(store).not.toHaveProperty('badgeKey');
  expect((await kiosk.request('/v1/sync/locks?after=0&limit=10')).status).toBe(200);
  expect((await requestToken(world.backend.url, await assertion(kiosk.keys, kiosk))).status).toBe(200);
  expect(
    (await fetch(`${world.backend.url}/v1/time?nonce=0123456789abcdef0123456789abcdef`)).status,
  ).toBeLessThan(500);

  const standby = await startStandby('away');
  try {
    await eventually(async () => expect(await readiness()).toEqual([200, { status: 'ok' }]));
    expect(await waiting()).toEqual([]);
    const [healed] = await kiosk.pullAll('store');
    expect(healed?.['badgeKey']).toEqual(expect.any(String));
    // The first push was written all the same: told again, it is the same.
    const results = await kiosk.push('accessEvents', events);
    expect(results.map(({ status }) => status)).toEqual(events.map(() => 'accepted'));
    const { body } = await world.admin('GET', `/stores/${storeId}/kiosks`);
    expect(body).toMatchObject({ kiosks: [{ journal: { events: 10, missing: [], forks: 0 } }] });
  } finally {
    await setSynchronous('');
    await standby.dispose();
  }
});

test('what is sent again waits for the standby as well, though all of it is there', async ({
  postgres,
  world,
  setSynchronous,
}) => {
  const kiosk = await world.makeKiosk(await world.makeStore());
  const database = openDatabase(readAddress(urlOf(postgres.connection)), silentLogger);
  const { tenantId } = world.config;
  const [{ db }, now] = [database, (): number => Date.now()];
  // As an instance does that has not noticed yet: it tries.
  const pushEvents = createEventPush({ db, tenantId, logger: silentLogger, answers: 'any', now });
  const vendorRoot = { get: () => Promise.resolve(null) };
  const pushEnrolments = createEnrolmentPush({ db, tenantId, vendorRoot, now });
  const events = createJournalWriter(kiosk).next(3);
  const captured = [kiosk.capture('0000051a000002ff')];
  const send = () => Promise.allSettled([pushEvents(kiosk, events), pushEnrolments(kiosk, captured)]);
  const unresolved = { status: 'rejected', reason: { code: '08007' } };
  const accepted = (count: number) => ({
    status: 'fulfilled',
    value: Array.from({ length: count }, () => ({ status: 'accepted' })),
  });
  expect(await send()).toMatchObject([accepted(3), accepted(1)]);
  await eventually(async () =>
    expect(await kiosk.pullAll('enrolments')).toMatchObject([{ state: 'registered' }]),
  );
  await setSynchronous('away');
  try {
    // Nothing is left to be stored, and it is answered only once a standby has heard that.
    expect(await send()).toMatchObject([unresolved, unresolved]);
  } finally {
    await setSynchronous('');
    await database.dispose();
  }
});

test('no registration is sent to the vendor while its attempt could not be kept', async ({
  world,
  waiting,
  setSynchronous,
  readiness,
}) => {
  const kiosk = await world.makeKiosk(await world.makeStore());
  world.vendor.script.push('down');
  const captured = kiosk.capture('0000051a000001ff');
  expect((await kiosk.pushOne(captured)).status).toBe('accepted');
  await setSynchronous('away');
  try {
    await eventually(async () => expect((await readiness())[0]).toBe(503));
    await eventually(async () => expect((await waiting()).length).toBeLessThanOrEqual(1));
  } finally {
    await setSynchronous('');
  }
  await eventually(async () =>
    expect(await kiosk.pullAll('enrolments')).toMatchObject([{ state: 'registered' }]),
  );
  expect(world.vendor.committed.filter((each) => each === captured.serialNumber)).toHaveLength(1);
});
