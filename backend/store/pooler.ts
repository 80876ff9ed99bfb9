/**
 * What a pooler on the way to the database changes (PgBouncer: "pool_mode = transaction"): sessions are not one's own, so nothing
 * that a session keeps is kept. LISTEN hears nothing, settings go to whoever comes next, and an advisory lock is let go by nobody.
 * Each of that is found out at the start, before anything is done that depends on it.
 */
import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { z } from 'zod';
import { AppFailure } from '#shared/errors/app-error.ts';
import { readAddress, type DatabaseAddress } from './address.ts';
import { hearingChannel } from './change-hub.ts';
import { onePlan, sessionLimits, type Database } from './database.ts';
import { dropClient } from './servers.ts';

const invalid = (path: string, problem: string, cause?: unknown): AppFailure =>
  new AppFailure('config.invalid', { source: 'environment', path, problem }, { cause });

/** As `readAddress`; what is wrong is said of `DATABASE_POOLER_URL`. */
export const readPoolerAddress = (
  url: string,
  defaults: Readonly<Record<string, string>> = {},
): DatabaseAddress => {
  try {
    const address = readAddress(url, defaults);
    if (address.options !== undefined) throw invalid('', 'takes no options: a pooler passes none on');
    return address;
  } catch (failure) {
    if (!(failure instanceof AppFailure)) throw failure;
    throw invalid('DATABASE_POOLER_URL', String(failure.error.params['problem'] ?? ''), failure);
  }
};

/** What a pooler's configuration has to say for its sessions to be as the backend's own. */
export const connectQuery = Object.entries({ ...sessionLimits, ...onePlan })
  .map(([name, value]) => `SET ${name} = ${value}`)
  .join('; ');

const settingsSchema = z.array(z.object({ name: z.string(), setting: z.coerce.number() }));

/** The limits that this connection has not got, or wider; all are in ms. */
const missingLimits = async (client: pg.Client): Promise<readonly string[]> => {
  const wanted = Object.entries(sessionLimits);
  const { rows } = await client.query('SELECT name, setting FROM pg_settings WHERE name = ANY($1)', [
    wanted.map(([name]) => name),
  ]);
  const settings = new Map(settingsSchema.parse(rows).map(({ name, setting }) => [name, setting]));
  const isWithin = (setting: number, limit: number): boolean => setting > 0 && setting <= limit;
  return wanted.flatMap(([name, limit]) => (isWithin(settings.get(name) ?? 0, limit) ? [] : [name]));
};

const placeSchema = z.tuple([z.object({ system: z.string(), database: z.string(), server: z.string() })]);
type Place = z.infer<typeof placeSchema>[0];

/** `system` is the same on a primary and its standbys; `server` tells them apart. */
const placeOf = async (client: pg.Client): Promise<Place> => {
  const { rows } = await client.query(
    `SELECT (SELECT system_identifier FROM pg_control_system())::text AS system, current_database() AS database,
      pg_postmaster_start_time()::text AS server`,
  );
  return placeSchema.parse(rows)[0];
};

const hearWithinMs = 3_000;
const hearingTries = 3;

/** Null where what is told on `telling` is heard on `listening`; else where each of them is. */
const unheard = async (
  listening: pg.Client,
  telling: pg.Client,
  withinMs: number,
): Promise<readonly [Place, Place] | null> => {
  const word = randomUUID();
  await listening.query(`LISTEN ${hearingChannel}`);
  const { promise, resolve } = Promise.withResolvers<boolean>();
  let timer: NodeJS.Timeout | undefined;
  listening.on('notification', ({ payload }) => {
    if (payload === word) resolve(true);
  });
  try {
    await telling.query('SELECT pg_notify($1, $2)', [hearingChannel, word]);
    // From now on: until here a primary that is away has its own time.
    timer = setTimeout(() => resolve(false), withinMs);
    return (await promise) ? null : [await placeOf(listening), await placeOf(telling)];
  } finally {
    clearTimeout(timer);
  }
};

const withClient = async <T>(
  open: () => Promise<pg.Client>,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> => {
  const client = await open();
  try {
    return await work(client);
  } finally {
    dropClient(client);
  }
};

const isRefusedSetting = (failure: unknown): boolean =>
  failure instanceof Error && /unsupported startup parameter/.test(failure.message);

const needsServer =
  'leads to a connection pooler; name the server itself, and the pooler in DATABASE_POOLER_URL';

/**
 * Throws `config.invalid` where `DATABASE_URL` leads to a pooler that keeps no sessions, or `DATABASE_POOLER_URL` to one whose
 * sessions have no such limits, or to another database. Any other failure passes by itself, as a failover does.
 */
export const requireSoundSessions = async (
  database: Pick<Database, 'openClient' | 'openPooledClient'>,
  hasPooler: boolean,
  withinMs = hearWithinMs,
): Promise<void> => {
  const openDirect = async (): Promise<pg.Client> => {
    try {
      return await database.openClient();
    } catch (failure) {
      throw isRefusedSetting(failure) ? invalid('DATABASE_URL', needsServer, failure) : failure;
    }
  };
  if ((await withClient(openDirect, missingLimits)).length > 0) throw invalid('DATABASE_URL', needsServer);
  if (hasPooler && (await withClient(() => database.openPooledClient(), missingLimits)).length > 0) {
    throw invalid(
      'DATABASE_POOLER_URL',
      `does not limit its sessions as they have to be; its configuration needs connect_query='${connectQuery}'`,
    );
  }
  let places: Awaited<ReturnType<typeof unheard>> = null;
  for (let tries = 1; tries <= hearingTries; tries += 1) {
    places = await withClient(openDirect, (listening) =>
      withClient(
        () => database.openPooledClient(),
        (telling) => unheard(listening, telling, withinMs),
      ),
    );
    if (!places) return;
  }
  if (!places) return;
  const [direct, pooled] = places;
  if (direct.system !== pooled.system || direct.database !== pooled.database)
    throw invalid('DATABASE_POOLER_URL', 'leads to another database than DATABASE_URL');
  // A primary and its standby: one has taken the other's place, or is about to.
  if (direct.server !== pooled.server)
    throw new Error('one address of the database leads to another of its servers than the other');
  throw invalid('DATABASE_URL', needsServer);
};
