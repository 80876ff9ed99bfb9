/** Sessions of the pool: their limits, what becomes of them when their server takes no writes any more, and how often that is looked at. */
import { sql } from 'kysely';
import pg from 'pg';
import { describe, expect, vi } from 'vitest';
import { z } from 'zod';
import { silentLogger } from '#shared/flow/logger.ts';
import { readAddress } from '#backend/store/address.ts';
import { mostSessions, openDatabase } from '#backend/store/database.ts';
import { createReadiness, type LookTiming } from '#backend/store/readiness.ts';
import { createWorld, eventually } from './world.ts';
import { postgresTest } from './postgres-test.ts';

const test = postgresTest
  /** Of a person who changes the server's settings. */
  .extend('person', { scope: 'file' }, async ({ postgres }, { onCleanup }) => {
    const person = new pg.Client(postgres.url);
    onCleanup(() => person.end());
    await person.connect();
    return person;
  })
  .extend('database', ({ postgres }, { onCleanup }) => {
    const database = openDatabase(readAddress(postgres.url), silentLogger);
    onCleanup(() => database.dispose());
    return database;
  })
  /** As a load balancer or a name that is moved does it: sessions that there are stay, on a server that is put aside. */
  .extend('setReadOnly', ({ person }) => async (on: boolean): Promise<void> => {
    const { rows } = await person.query<{ user: string }>('SELECT current_user AS user');
    await person.query('SET default_transaction_read_only = off');
    await person.query(
      `ALTER ROLE ${rows[0]?.user ?? ''} ${on ? 'SET default_transaction_read_only = on' : 'RESET ALL'}`,
    );
  })
  .extend(
    'pidOf',
    ({ database }) =>
      async ({ db } = database) =>
        z
          .tuple([z.object({ pid: z.number() })])
          .parse((await sql`SELECT pg_backend_pid() AS pid`.execute(db)).rows)[0].pid,
  );

// In a hook, whose time is its own: else it would be the first test's.
test.beforeAll(({ person: _person }) => undefined);

const show = async (client: {
  query(text: string): Promise<pg.QueryResult<{ statement_timeout: string }>>;
}) => (await client.query('SHOW statement_timeout')).rows[0];

test('a statement has 30 s, and one of a migration as long as it takes', async ({ database }) => {
  const { rows } = await sql<{ statement_timeout: string }>`SHOW statement_timeout`.execute(database.db);
  const [listening, patient] = [await database.openClient(), await database.openPatientClient()];
  const limits = [rows[0], await show(listening), await show(patient)];
  await Promise.all([listening.end(), patient.end()]);
  expect(limits.map((limit) => limit?.statement_timeout)).toEqual(['30s', '30s', '0']);
});

test('who waits for a row is told after 3 s, and a transaction that stands still has 15 s', async ({
  database,
}) => {
  const { rows } = await sql<object>`
    SELECT current_setting('lock_timeout') AS lock,
      current_setting('idle_in_transaction_session_timeout') AS pause`.execute(database.db);
  expect(rows).toEqual([{ lock: '3s', pause: '15s' }]);
});

test('no statement is shared out among processes of the server, unless the address says so', async ({
  postgres,
  database,
}) => {
  const shared = async ({ db }: typeof database): Promise<unknown> =>
    (await sql`SELECT current_setting('max_parallel_workers_per_gather') AS processes`.execute(db)).rows;
  const options = encodeURIComponent('-c max_parallel_workers_per_gather=3');
  const told = openDatabase(readAddress(`${postgres.url}&options=${options}`), silentLogger);
  try {
    expect(await shared(database)).toEqual([{ processes: '0' }]);
    expect(await shared(told)).toEqual([{ processes: '3' }]);
  } finally {
    await told.dispose();
  }
});

test('a transaction in which a failure was caught fails at its end, because nothing of it is written', async ({
  database,
}) => {
  const table = sql.table('caught_failure');
  await sql`CREATE TABLE ${table} (id integer PRIMARY KEY)`.execute(database.db);
  const twice = database.db.transaction().execute(async (tx) => {
    await sql`INSERT INTO ${table} VALUES (1)`.execute(tx);
    await sql`INSERT INTO ${table} VALUES (1)`.execute(tx).catch(() => undefined);
    return 'written';
  });
  await expect(twice).rejects.toMatchObject({ code: '25P02' });
  // The same session goes on, and what failed inside a savepoint is undone alone.
  await database.db.transaction().execute(async (tx) => {
    await sql`INSERT INTO ${table} VALUES (2)`.execute(tx);
    await sql`SAVEPOINT before`.execute(tx);
    await sql`INSERT INTO ${table} VALUES (2)`.execute(tx).catch(() => undefined);
    await sql`ROLLBACK TO before`.execute(tx);
  });
  const { rows } = await sql`SELECT id FROM ${table}`.execute(database.db);
  expect(rows).toEqual([{ id: 2 }]);
});

test('a session lives for half an hour at most, less a random part of up to nine minutes', async ({
  postgres,
  pidOf,
}) => {
  const minuteMs = 60_000;
  const past = vi.spyOn(performance, 'now');
  try {
    for (const [chance, minutes] of [
      [0, 30],
      [1, 21],
    ] as const) {
      const began = 1_000_000;
      past.mockReturnValue(began);
      const pool = openDatabase(readAddress(postgres.url), silentLogger, () => chance);
      const first = await pidOf(pool);
      past.mockReturnValue(began + minutes * minuteMs);
      expect(await pidOf(pool)).toBe(first);
      past.mockReturnValue(began + minutes * minuteMs + 1);
      expect(await pidOf(pool)).not.toBe(first);
      await pool.dispose();
    }
  } finally {
    past.mockRestore();
  }
});

describe('whether the database is ready', () => {
  const stops = (stop: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      if (stop.aborted) resolve();
      else stop.addEventListener('abort', () => resolve());
    });

  test('is looked at once a second at the most, however many ask', async () => {
    let now = 0;
    let looks = 0;
    const away = {
      openPooledClient: () => {
        looks += 1;
        return Promise.reject(new Error('nobody there'));
      },
      onFailure: () => undefined,
      retire: () => undefined,
    };
    const readiness = createReadiness(away, silentLogger, {
      now: () => now,
      rest: (_ms, stop) => stops(stop),
    });
    const ask = () => Promise.all(Array.from({ length: 50 }, () => readiness.look()));
    expect(new Set(await ask())).toEqual(new Set(['database_unreachable']));
    now = 999;
    await ask();
    expect(looks).toBe(1);
    now = 1_000;
    await ask();
    expect(looks).toBe(2);
    await readiness.dispose();
  });

  test('is looked at every 10 s where nobody asks, and every 2 s while it is not', async ({ database }) => {
    const untilNext = async (of: Parameters<typeof createReadiness>[0]): Promise<number> => {
      const rested: number[] = [];
      const timing: LookTiming = {
        now: () => 0,
        rest: (ms, stop) => (rested.push(ms) <= 2 ? Promise.resolve() : stops(stop)),
      };
      const readiness = createReadiness(of, silentLogger, timing);
      // Two rests are between two looks; the third is after the second look.
      await eventually(() => expect(rested).toHaveLength(3));
      await readiness.dispose();
      return (rested[0] ?? 0) + (rested[1] ?? 0);
    };
    expect(await untilNext(database)).toBe(10_000);
    const openPooledClient = () => Promise.reject(new Error('nobody there'));
    expect(await untilNext({ openPooledClient, onFailure: () => undefined, retire: () => undefined })).toBe(
      2_000,
    );
  });
});

describe('a server that takes no writes', () => {
  test.afterEach(async ({ person, setReadOnly }) => {
    await setReadOnly(false);
    await person.query('ALTER SYSTEM RESET default_transaction_read_only');
    await person.query('SELECT pg_reload_conf()');
  });

  test('a session that says so is not used again, and neither are the others of its time', async ({
    database,
    pidOf,
  }) => {
    const pids = await Promise.all([pidOf(), pidOf(), pidOf()]);
    expect(new Set(pids).size).toBe(3);
    await expect(
      database.db.transaction().execute(async (tx) => {
        await sql`SET LOCAL transaction_read_only = on`.execute(tx);
        await sql`CREATE TABLE never_made (n int)`.execute(tx);
      }),
    ).rejects.toMatchObject({ code: '25006' });
    const after = await Promise.all([pidOf(), pidOf(), pidOf()]);
    expect(after.filter((pid) => pids.includes(pid))).toEqual([]);
  });

  test('a busy pool drops them too', async ({ database, pidOf }) => {
    const { promise: go, resolve } = Promise.withResolvers<undefined>();
    let begun = 0;
    const busy = Array.from({ length: mostSessions }, () =>
      database.db.transaction().execute(async (tx) => {
        const { rows } = await sql<{ pid: number }>`SELECT pg_backend_pid() AS pid`.execute(tx);
        begun++;
        await go;
        return rows[0]?.pid ?? 0;
      }),
    );
    await eventually(() => expect(begun).toBe(mostSessions));
    database.retire();
    // It waits for one of them, and is not given it.
    const next = pidOf();
    resolve(undefined);
    const old = await Promise.all(busy);
    expect(old).not.toContain(await next);
  });

  test('a new session on it is not used', async ({ database, setReadOnly, pidOf }) => {
    await setReadOnly(true);
    await expect(pidOf()).rejects.toMatchObject({ code: '25006' });
    await expect(database.openClient()).rejects.toMatchObject({ code: '25006' });
    await setReadOnly(false);
    expect(await pidOf()).toBeGreaterThan(0);
  });

  test('one that was told so in the middle of its life is dropped after the statement that hears of it', async ({
    person,
    pidOf,
  }) => {
    const before = await pidOf();
    await person.query('ALTER SYSTEM SET default_transaction_read_only = on');
    await person.query('SELECT pg_reload_conf()');
    await eventually(() => expect(pidOf()).rejects.toMatchObject({ code: '25006' }));
    await person.query('SET default_transaction_read_only = off');
    await person.query('ALTER SYSTEM RESET default_transaction_read_only');
    await person.query('SELECT pg_reload_conf()');
    await eventually(async () => expect(await pidOf()).not.toBe(before));
  });

  test('requests are answered 503 and then served, without a restart', async ({
    postgres,
    person,
    setReadOnly,
  }) => {
    const world = await createWorld(postgres.url);
    try {
      const kiosk = await world.makeKiosk(await world.makeStore());
      await eventually(async () => expect((await fetch(`${world.backend.url}/ready`)).status).toBe(200));
      // Every session of the backend is made read-only, as they are on a server that was put aside.
      await setReadOnly(true);
      await person.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'latchpoint' AND pid <> pg_backend_pid()`,
      );
      await eventually(async () => {
        const ready = await fetch(`${world.backend.url}/ready`);
        expect([ready.status, await ready.json()]).toEqual([
          503,
          { status: 'unready', reason: 'database_read_only' },
        ]);
      });
      expect((await fetch(`${world.backend.url}/live`)).status).toBe(200);
      const refused = await kiosk.request('/v1/sync/locks?after=0&limit=1');
      expect(refused.status).toBe(503);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      await setReadOnly(false);
      await eventually(async () => expect((await fetch(`${world.backend.url}/ready`)).status).toBe(200));
      expect((await kiosk.request('/v1/sync/locks?after=0&limit=1')).status).toBe(200);
    } finally {
      await world.dispose();
    }
  });
});
